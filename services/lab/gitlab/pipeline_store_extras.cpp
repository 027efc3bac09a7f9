// SPDX-License-Identifier: GPL-3.0-or-later
// The smaller tables of PipelineStore: artifacts, commits, refs, settings.
#include <nlohmann/json.hpp>

#include "services/lab/gitlab/pipeline_store.h"

namespace faultline::lab {

namespace {

using nlohmann::json;

void must(Stored<void> stored)
{
    if (!stored)
        throw StoreFailure(stored.error());
}

bool must(Stored<bool> stored)
{
    if (!stored)
        throw StoreFailure(stored.error());
    return *stored;
}

std::vector<ArtifactRecord> readArtifacts(Statement &select)
{
    std::vector<ArtifactRecord> out;
    while (must(select.step()))
        out.push_back({ select.integer(0), select.text(1), select.text(2), select.text(3),
            select.integer(4), select.integer(5) });
    return out;
}

} // namespace

void PipelineStore::saveSpec(std::int64_t job, const std::string &spec)
{
    must(prepared("UPDATE job_specs SET spec = ? WHERE job = ?").bind(1, spec).bind(2, job).run());
}

void PipelineStore::saveArtifact(const ArtifactRecord &artifact)
{
    must(prepared("INSERT OR REPLACE INTO artifacts VALUES (?, ?, ?, ?, ?, ?)")
             .bind(1, artifact.job)
             .bind(2, artifact.type)
             .bind(3, artifact.format)
             .bind(4, artifact.fileName)
             .bind(5, artifact.size)
             .bind(6, artifact.expires)
             .run());
    if (onJobChanged)
        onJobChanged(artifact.job);
}

std::vector<ArtifactRecord> PipelineStore::artifacts(std::int64_t job)
{
    Statement &select = prepared("SELECT job, type, format, file_name, size, expires FROM "
                                 "artifacts WHERE job = ? ORDER BY type");
    select.bind(1, job);
    return readArtifacts(select);
}

std::vector<ArtifactRecord> PipelineStore::artifactsBetween(std::int64_t first, std::int64_t last)
{
    Statement &select = prepared("SELECT job, type, format, file_name, size, expires FROM "
                                 "artifacts WHERE job BETWEEN ? AND ? ORDER BY job, type");
    select.bind(1, first).bind(2, last);
    return readArtifacts(select);
}

std::vector<ArtifactRecord> PipelineStore::expiredArtifacts(Milliseconds now, std::int64_t limit)
{
    Statement &select = prepared("SELECT job, type, format, file_name, size, expires FROM "
                                 "artifacts WHERE expires > 0 AND expires < ? LIMIT ?");
    select.bind(1, now).bind(2, limit);
    return readArtifacts(select);
}

void PipelineStore::removeArtifact(std::int64_t job, const std::string &type)
{
    must(prepared("DELETE FROM artifacts WHERE job = ? AND type = ?")
             .bind(1, job)
             .bind(2, type)
             .run());
    if (onJobChanged)
        onJobChanged(job);
}

void PipelineStore::removeArtifacts(std::int64_t job)
{
    must(prepared("DELETE FROM artifacts WHERE job = ?").bind(1, job).run());
    if (onJobChanged)
        onJobChanged(job);
}

void PipelineStore::saveCommit(const CommitRecord &c)
{
    const json content
        = { { "parents", c.parents }, { "author", { c.authorName, c.authorEmail, c.authored } },
              { "committer", { c.committerName, c.committerEmail, c.committed } },
              { "title", c.title }, { "message", c.message } };
    must(prepared("INSERT OR REPLACE INTO commits VALUES (?, ?)")
             .bind(1, c.sha)
             .bind(2, content.dump(-1, ' ', false, json::error_handler_t::replace))
             .run());
}

std::optional<CommitRecord> PipelineStore::commit(const std::string &sha)
{
    Statement &select = prepared("SELECT content FROM commits WHERE sha = ?");
    select.bind(1, sha);
    if (!must(select.step()))
        return std::nullopt;
    const json content = json::parse(select.text(0), nullptr, false);
    select.reset();
    if (!content.is_object())
        return std::nullopt;
    CommitRecord c;
    c.sha = sha;
    c.parents = content.at("parents").get<std::vector<std::string>>();
    c.authorName = content.at("author").at(0).get<std::string>();
    c.authorEmail = content.at("author").at(1).get<std::string>();
    c.authored = content.at("author").at(2).get<std::string>();
    c.committerName = content.at("committer").at(0).get<std::string>();
    c.committerEmail = content.at("committer").at(1).get<std::string>();
    c.committed = content.at("committer").at(2).get<std::string>();
    c.title = content.at("title").get<std::string>();
    c.message = content.at("message").get<std::string>();
    return c;
}

std::map<std::string, std::string> PipelineStore::knownRefs()
{
    Statement &select = prepared("SELECT ref, sha FROM known_refs");
    std::map<std::string, std::string> refs;
    while (must(select.step()))
        refs[select.text(0)] = select.text(1);
    return refs;
}

void PipelineStore::saveKnownRefs(const std::map<std::string, std::string> &refs)
{
    Transaction transaction = begin();
    must(prepared("DELETE FROM known_refs").run());
    for (const auto &[ref, sha] : refs)
        must(prepared("INSERT INTO known_refs VALUES (?, ?)").bind(1, ref).bind(2, sha).run());
    commit(transaction);
}

bool PipelineStore::hasSetting(const std::string &key)
{
    Statement &select = prepared("SELECT 1 FROM settings WHERE key = ?");
    select.bind(1, key);
    const bool found = must(select.step());
    select.reset();
    return found;
}

void PipelineStore::saveSetting(const std::string &key, const std::string &value)
{
    must(prepared("INSERT OR REPLACE INTO settings VALUES (?, ?)")
             .bind(1, key)
             .bind(2, value)
             .run());
}

} // namespace faultline::lab
