// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/lab/gitlab/hook_events.h"

#include <algorithm>

#include "services/lab/gitlab/entities.h"

namespace faultline::lab {

namespace {

OrderedJson hookTime(Milliseconds time)
{
    if (time == 0)
        return nullptr;
    std::string text = timeText(time).substr(0, 19);
    text[10] = ' ';
    return text + " UTC";
}

OrderedJson isoTime(Milliseconds time)
{
    return time == 0 ? OrderedJson(nullptr) : OrderedJson(timeText(time));
}

OrderedJson seconds(bool known, Milliseconds duration)
{
    return known ? OrderedJson(static_cast<double>(duration) / 1000.0) : OrderedJson(nullptr);
}

OrderedJson userJson()
{
    return { { "id", 1 }, { "name", "Lab user" }, { "username", "lab" }, { "avatar_url", nullptr },
        { "email", "[REDACTED]" } };
}

OrderedJson runnerOf(GitLabContext &context, const JobRecord &job)
{
    const LabRunner *runner = job.runner != 0 ? context.runners.find(job.runner) : nullptr;
    if (!runner)
        return nullptr;
    return { { "id", runner->id }, { "description", runner->description },
        { "runner_type", runner->type }, { "active", !runner->paused }, { "is_shared", false },
        { "tags", runner->tags } };
}

OrderedJson projectJson(const GitLabContext &context)
{
    const std::string &path = context.options.projectPath;
    const std::string web = context.url + "/" + path;
    return { { "id", 1 }, { "name", path.substr(path.rfind('/') + 1) },
        { "description", "The project of this lab" }, { "web_url", web }, { "avatar_url", nullptr },
        { "git_ssh_url", nullptr }, { "git_http_url", web + ".git" },
        { "namespace", path.substr(0, path.rfind('/')) }, { "visibility_level", 0 },
        { "path_with_namespace", path }, { "default_branch", "main" },
        { "ci_config_path", nullptr } };
}

OrderedJson commitJson(GitLabContext &context, const PipelineRecord &pipeline)
{
    const auto commit = context.store.commit(pipeline.sha).value_or(CommitRecord());
    return { { "id", pipeline.sha }, { "message", commit.message }, { "title", commit.title },
        { "timestamp", commit.authored },
        { "url", context.url + "/" + context.options.projectPath + "/-/commit/" + pipeline.sha },
        { "author", { { "name", commit.authorName }, { "email", commit.authorEmail } } } };
}

OrderedJson buildJson(GitLabContext &context, const JobRecord &job)
{
    OrderedJson artifact = { { "filename", nullptr }, { "size", nullptr } };
    for (const ArtifactRecord &each : context.store.artifacts(job.id))
        if (each.type == "archive")
            artifact = { { "filename", each.fileName }, { "size", each.size } };
    return { { "id", job.id }, { "stage", job.stage }, { "name", job.name },
        { "status", job.status }, { "created_at", hookTime(job.created) },
        { "started_at", hookTime(job.started) }, { "finished_at", hookTime(job.finished) },
        { "duration", seconds(job.finished != 0 && job.started != 0, job.finished - job.started) },
        { "queued_duration",
            seconds(job.started != 0 && job.queued != 0, job.started - job.queued) },
        { "failure_reason",
            job.status == "failed" ? OrderedJson(job.failureReason) : OrderedJson(nullptr) },
        { "when", job.when }, { "manual", job.when == "manual" },
        { "allow_failure", job.allowFailure }, { "user", userJson() },
        { "runner", runnerOf(context, job) }, { "artifacts_file", artifact },
        { "environment", nullptr } };
}

} // namespace

std::string jobEvent(GitLabContext &context, const JobRecord &job)
{
    const PipelineRecord p = context.store.pipeline(job.pipeline).value_or(PipelineRecord());
    const OrderedJson project = projectJson(context);
    const OrderedJson body = { { "object_kind", "build" }, { "ref", p.ref }, { "tag", p.tag },
        { "before_sha", p.beforeSha }, { "sha", p.sha }, { "retries_count", job.retryCount },
        { "build_id", job.id }, { "build_name", job.name }, { "build_stage", job.stage },
        { "build_status", job.status }, { "build_created_at", hookTime(job.created) },
        { "build_started_at", hookTime(job.started) },
        { "build_finished_at", hookTime(job.finished) },
        { "build_created_at_iso", isoTime(job.created) },
        { "build_started_at_iso", isoTime(job.started) },
        { "build_finished_at_iso", isoTime(job.finished) },
        { "build_duration",
            seconds(job.finished != 0 && job.started != 0, job.finished - job.started) },
        { "build_queued_duration",
            seconds(job.started != 0 && job.queued != 0, job.started - job.queued) },
        { "build_allow_failure", job.allowFailure },
        { "build_failure_reason", job.status == "failed" ? job.failureReason : "unknown_failure" },
        { "pipeline_id", p.id }, { "runner", runnerOf(context, job) }, { "project_id", 1 },
        { "project_name", context.options.projectPath }, { "user", userJson() },
        { "commit", commitJson(context, p) },
        { "repository",
            { { "name", project.at("name") }, { "url", nullptr },
                { "description", project.at("description") }, { "homepage", project.at("web_url") },
                { "git_http_url", project.at("git_http_url") }, { "git_ssh_url", nullptr },
                { "visibility_level", 0 } } },
        { "project", project }, { "environment", nullptr } };
    return jsonText(body);
}

std::string pipelineEvent(GitLabContext &context, const PipelineRecord &p)
{
    OrderedJson builds = OrderedJson::array();
    OrderedJson stages = OrderedJson::array();
    for (const JobRecord &job : context.store.currentJobs(p.id)) {
        builds.push_back(buildJson(context, job));
        if (std::find(stages.begin(), stages.end(), OrderedJson(job.stage)) == stages.end())
            stages.push_back(job.stage);
    }
    OrderedJson variables = OrderedJson::array();
    const auto given = OrderedJson::parse(p.variables, nullptr, false);
    for (const OrderedJson &variable : given.is_array() ? given : OrderedJson::array())
        variables.push_back({ { "key", variable.at("key") }, { "value", variable.at("value") } });
    const Entities entities(context.url, context.options.projectPath);
    const bool isMeasured = p.started != 0 && p.finished != 0;
    const OrderedJson body = { { "object_kind", "pipeline" },
        { "object_attributes",
            { { "id", p.id }, { "iid", p.iid },
                { "name", p.name.empty() ? OrderedJson(nullptr) : OrderedJson(p.name) },
                { "ref", p.ref }, { "tag", p.tag }, { "sha", p.sha }, { "before_sha", p.beforeSha },
                { "source", p.source }, { "status", p.status },
                { "detailed_status", entities.detailedStatus(p).at("label") }, { "stages", stages },
                { "created_at", hookTime(p.created) }, { "finished_at", hookTime(p.finished) },
                { "duration",
                    isMeasured ? OrderedJson((p.finished - p.started) / 1000)
                               : OrderedJson(nullptr) },
                { "queued_duration",
                    p.started != 0 ? OrderedJson((p.started - p.created) / 1000)
                                   : OrderedJson(nullptr) },
                { "variables", variables },
                { "url", entities.web() + "/-/pipelines/" + std::to_string(p.id) } } },
        { "merge_request", nullptr }, { "user", userJson() }, { "project", projectJson(context) },
        { "commit", commitJson(context, p) }, { "builds", builds } };
    return jsonText(body);
}

} // namespace faultline::lab
