// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/lab/gitlab/job_bodies.h"

#include <algorithm>

#include "services/lab/gitlab/json_writing.h"
#include "services/lab/gitlab/runner_entities.h"

namespace faultline::lab {

namespace {

constexpr std::int64_t densestSpan = 1000; // ids between which a page's artifacts are read at once

void appendNumber(std::string &out, std::string_view key, std::int64_t value)
{
    out += key;
    out += std::to_string(value);
}

} // namespace

struct JobBodies::Page
{
    std::string out;
    const Entities &entities;
    std::string user;
    Milliseconds now;
    std::map<std::int64_t, PipelineText> pipelines;
    std::map<std::int64_t, std::string> runners;
    std::vector<ArtifactRecord> artifacts; ///< by job, when all of the page were read
    bool hasAllArtifacts = false;
};

JobBodies::JobBodies(GitLabContext &context)
    : m_context(context)
{
}

std::string JobBodies::one(const JobRecord &job, const Entities &entities) const
{
    Page page{ {}, entities, jsonText(entities.user()), m_context.progress.now(), {}, {}, {},
        false };
    append(page, job);
    return std::move(page.out);
}

std::string JobBodies::list(const std::vector<JobRecord> &jobs, const Entities &entities) const
{
    Page page{ {}, entities, jsonText(entities.user()), m_context.progress.now(), {}, {}, {},
        false };
    if (!jobs.empty()) {
        const auto [first, last] = std::minmax(jobs.front().id, jobs.back().id);
        page.hasAllArtifacts = last - first < densestSpan;
        if (page.hasAllArtifacts)
            page.artifacts = m_context.store.artifactsBetween(first, last);
    }
    page.out.reserve(jobs.size() * 3000 + 2);
    page.out = "[";
    for (const JobRecord &job : jobs) {
        if (page.out.size() > 1)
            page.out += ',';
        append(page, job);
    }
    page.out += ']';
    return std::move(page.out);
}

const JobBodies::PipelineText &JobBodies::pipelineText(Page &page, std::int64_t id) const
{
    const auto found = page.pipelines.find(id);
    if (found != page.pipelines.end())
        return found->second;
    PipelineText text;
    text.record = m_context.store.pipeline(id).value_or(PipelineRecord());
    text.basic = jsonText(page.entities.pipelineBasic(text.record));
    const auto commit = m_context.store.commit(text.record.sha);
    text.commit = commit ? jsonText(page.entities.commit(*commit)) : "null";
    return page.pipelines.emplace(id, std::move(text)).first->second;
}

void JobBodies::append(Page &page, const JobRecord &job) const
{
    appendBasic(page, job, pipelineText(page, job.pipeline));
    if (job.kind == "bridge") {
        appendDownstream(page, job);
    } else {
        appendArtifacts(page, job);
        appendRunner(page, job);
        page.out += ",\"archived\":false,\"tag_list\":";
        page.out += job.tags.empty() ? "[]" : job.tags;
    }
    page.out += '}';
}

void JobBodies::appendBasic(Page &page, const JobRecord &job, const PipelineText &pipeline) const
{
    std::string &out = page.out;
    const auto text = [&out](std::string_view key, std::string_view value) {
        out += key;
        appendJsonText(out, value);
    };
    const auto time = [&out](std::string_view key, Milliseconds value) {
        out += key;
        appendJsonTime(out, value);
    };
    const auto duration = [&out](std::string_view key, bool known, Milliseconds value) {
        out += key;
        if (known)
            appendJsonSeconds(out, value);
        else
            out += "null";
    };
    const Milliseconds end = job.finished != 0 ? job.finished : page.now;
    appendNumber(out, "{\"id\":", job.id);
    text(",\"status\":", job.status);
    text(",\"stage\":", job.stage);
    text(",\"name\":", job.name);
    text(",\"ref\":", pipeline.record.ref);
    out += pipeline.record.tag ? ",\"tag\":true" : ",\"tag\":false";
    out += ",\"coverage\":null";
    out += job.allowFailure ? ",\"allow_failure\":true" : ",\"allow_failure\":false";
    time(",\"created_at\":", job.created);
    time(",\"started_at\":", job.started);
    time(",\"finished_at\":", job.finished);
    time(",\"erased_at\":", job.erased);
    duration(",\"duration\":", job.started != 0, end - job.started);
    duration(",\"queued_duration\":", job.queued != 0,
        (job.started != 0 ? job.started : end) - job.queued);
    out += ",\"user\":" + page.user + ",\"commit\":" + pipeline.commit
        + ",\"pipeline\":" + pipeline.basic;
    if (job.status == "failed")
        text(",\"failure_reason\":", job.failureReason);
    text(",\"web_url\":", page.entities.web() + "/-/jobs/" + std::to_string(job.id));
    out += ",\"project\":{\"ci_job_token_scope_enabled\":false}";
}

void JobBodies::appendArtifacts(Page &page, const JobRecord &job) const
{
    std::vector<ArtifactRecord> own;
    if (!page.hasAllArtifacts)
        own = m_context.store.artifacts(job.id);
    const std::vector<ArtifactRecord> &from = page.hasAllArtifacts ? page.artifacts : own;
    const auto [begin, end]
        = std::equal_range(from.begin(), from.end(), ArtifactRecord{ job.id, {}, {}, {}, 0, 0 },
            [](const ArtifactRecord &a, const ArtifactRecord &b) { return a.job < b.job; });
    std::string &out = page.out;
    Milliseconds expires = 0;
    std::string list;
    const auto add = [&list](std::string_view type, std::int64_t size, std::string_view name,
                         std::string_view format) {
        list += list.empty() ? "{\"file_type\":" : ",{\"file_type\":";
        appendJsonText(list, type);
        appendNumber(list, ",\"size\":", size);
        list += ",\"filename\":";
        appendJsonText(list, name);
        list += ",\"file_format\":";
        appendJsonText(list, format);
        list += '}';
    };
    for (auto each = begin; each != end; ++each) {
        add(each->type, each->size, each->fileName, each->format);
        if (each->type != "archive")
            continue;
        expires = each->expires;
        out += ",\"artifacts_file\":{\"filename\":";
        appendJsonText(out, each->fileName);
        appendNumber(out, ",\"size\":", each->size);
        out += '}';
    }
    if (job.finished != 0 && job.traceSize > 0 && job.erased == 0)
        add("trace", job.traceSize, "job.log", "raw");
    out += ",\"artifacts\":[" + list + "],\"artifacts_expire_at\":";
    appendJsonTime(out, expires);
}

void JobBodies::appendRunner(Page &page, const JobRecord &job) const
{
    auto found = page.runners.find(job.runner);
    if (found == page.runners.end()) {
        std::string text = ",\"runner\":null,\"runner_manager\":null";
        if (const LabRunner *runner
            = job.runner != 0 ? m_context.runners.find(job.runner) : nullptr) {
            text
                = ",\"runner\":" + jsonText(runnerJson(*runner, page.now)) + ",\"runner_manager\":";
            text += runner->managers.empty()
                ? "null"
                : jsonText(runnerManagerJson(*runner, runner->managers.back(), page.now));
        }
        found = page.runners.emplace(job.runner, std::move(text)).first;
    }
    page.out += found->second;
}

void JobBodies::appendDownstream(Page &page, const JobRecord &bridge) const
{
    page.out += ",\"downstream_pipeline\":";
    // A child may be deleted while its bridge stays.
    const PipelineText *child
        = bridge.downstream != 0 ? &pipelineText(page, bridge.downstream) : nullptr;
    page.out += child && child->record.id != 0 ? child->basic : "null";
}

} // namespace faultline::lab
