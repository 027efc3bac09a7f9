// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/lab/gitlab/pipeline_starter.h"

#include <cctype>
#include <memory>
#include <optional>

#include "services/lab/gitlab/api_time.h"
#include "services/lab/gitlab/ci_variables.h"
#include "services/lab/gitlab/ci_yaml_reader.h"
#include "services/lab/gitlab/entities.h"

namespace faultline::lab {

namespace {

constexpr const char *noSha = "0000000000000000000000000000000000000000";

constexpr const char *missingFile = "(missing file)";

std::string variablesText(const PipelineRequest &request)
{
    OrderedJson list = OrderedJson::array();
    for (const auto &[key, value] : request.variables) {
        OrderedJson item;
        item["variable_type"] = request.fileVariables.contains(key) ? "file" : "env_var";
        item["key"] = key;
        item["value"] = value;
        item["raw"] = false;
        list.push_back(std::move(item));
    }
    return jsonText(list);
}

// "[skip ci]" or "[ci skip]" anywhere in the message, in any case.
bool asksToSkip(const std::string &message)
{
    std::string lower;
    for (const char c : message)
        lower += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    return lower.find("[skip ci]") != std::string::npos
        || lower.find("[ci skip]") != std::string::npos;
}

tl::expected<CiConfig, CiError> readConfig(
    const GitRepository &repository, const std::string &sha, const PipelineRequest &request)
{
    CiSources sources;
    sources.inputs = request.inputs;
    sources.file = [&](const std::string &path) { return repository.file(sha, path); };
    if (request.files.size() == 1 && !request.bridge) {
        const auto text = repository.file(sha, request.files.front());
        if (!text)
            return tl::unexpected(CiError{ 0, missingFile, {} });
        return readCiConfig(*text, sources);
    }
    return readCiFiles(request.files, sources);
}

// Only what the rules ask for: git takes its time. What changed is known of pushes to a branch that
// was there before.
CommitFiles filesFor(const CiConfig &config, const GitRepository &repository,
    const std::string &sha, const PipelineRequest &request)
{
    CommitFiles files;
    const bool isUpdate = request.source == "push" && !request.beforeSha.empty();
    if (config.usesChanges && isUpdate)
        files.changed = repository.changedFiles(request.beforeSha, sha);
    if (config.usesExists)
        files.all = repository.files(sha);
    return files;
}

} // namespace

struct PipelineStarter::Prepared
{
    Ref ref;
    CommitRecord commit;
    tl::expected<PlannedPipeline, std::string> plan;
    bool fileIsBroken = false;
    bool isSkipped = false; ///< the commit's message asks for no pipeline
};

PipelineStarter::PipelineStarter(GitLabContext &context)
    : m_context(context)
{
}

void PipelineStarter::start(PipelineRequest request, Done done)
{
    m_context.workers.run(
        [this, request = std::move(request), done = std::move(done),
            repository = m_context.repository, project = m_context.options.projectPath] {
            auto prepared = std::make_shared<tl::expected<Prepared, std::string>>(
                prepare(repository, project, request));
            m_context.server.post([this, request, done, prepared] {
                tl::expected<PipelineRecord, std::string> result;
                try {
                    result = store(request, *prepared);
                } catch (const StoreFailure &failure) {
                    result = tl::unexpected(std::string("the database failed: ") + failure.what());
                }
                done(std::move(result));
            });
        });
}

tl::expected<PipelineStarter::Prepared, std::string> PipelineStarter::prepare(
    const GitRepository &repository, const std::string &projectPath, const PipelineRequest &request)
{
    auto ref = repository.resolve(request.ref);
    if (!ref)
        return tl::unexpected(std::string("Reference not found"));
    if (!request.sha.empty())
        ref->sha = request.sha;
    const auto commit = repository.commit(ref->sha);
    if (!commit)
        return tl::unexpected(commit.error());
    Prepared prepared{ *ref, *commit, tl::unexpected(std::string()), false, false };
    prepared.isSkipped = request.source == "push" && asksToSkip(commit->message);
    if (prepared.isSkipped)
        return prepared;
    const auto config = readConfig(repository, ref->sha, request);
    if (!config) {
        prepared.fileIsBroken = true;
        prepared.plan = tl::unexpected(config.error().text());
        if (config.error().key == missingFile)
            return tl::unexpected(std::string("Missing CI config file"));
        return prepared;
    }
    VariableMap known = commitVariables(
        request.source, ref->name, ref->tag, request.beforeSha, *commit, projectPath);
    known["CI_DEFAULT_BRANCH"] = repository.defaultBranch();
    prepared.plan = planPipeline(
        *config, known, request.variables, filesFor(*config, repository, ref->sha, request));
    return prepared;
}

tl::expected<PipelineRecord, std::string> PipelineStarter::store(
    const PipelineRequest &request, const tl::expected<Prepared, std::string> &prepared)
{
    if (!prepared)
        return tl::unexpected(prepared.error());
    PipelineRecord pipeline;
    pipeline.sha = prepared->commit.sha;
    pipeline.beforeSha = request.beforeSha.empty() ? noSha : request.beforeSha;
    pipeline.ref = prepared->ref.name;
    pipeline.tag = prepared->ref.tag;
    pipeline.source = request.source;
    pipeline.committed = parseTime(prepared->commit.committed).value_or(0);
    pipeline.variables = variablesText(request);
    pipeline.payload = request.payload;
    pipeline.schedule = request.schedule;
    pipeline.bridge = request.bridge.value_or(0);
    m_context.store.saveCommit(prepared->commit);
    if (prepared->isSkipped)
        return m_context.progress.createSkipped(std::move(pipeline));
    if (prepared->plan)
        return m_context.progress.create(std::move(pipeline), *prepared->plan);
    if (prepared->fileIsBroken && request.keepBroken)
        return m_context.progress.createBroken(std::move(pipeline), prepared->plan.error());
    return tl::unexpected(prepared->plan.error());
}

} // namespace faultline::lab
