// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/lab/gitlab/job_payload.h"

#include <algorithm>
#include <set>

#include "services/lab/gitlab/api_time.h"
#include "services/lab/gitlab/ci_variables.h"
#include "services/lab/gitlab/pipeline_builder.h"

namespace faultline::lab {

namespace {

constexpr int afterScriptSeconds = 300;
constexpr int deepestExpansion = 10;

struct PayloadVariables
{
    Variables list; // in the order of rising precedence
    std::set<std::string> masked;
    std::set<std::string> files;
};

Variables givenVariables(const PipelineRecord &pipeline, std::set<std::string> &files)
{
    Variables out;
    const auto list = nlohmann::json::parse(pipeline.variables, nullptr, false);
    if (!list.is_array())
        return out;
    for (const auto &item : list) {
        out.emplace_back(item.value("key", ""), item.value("value", ""));
        if (item.value("variable_type", "") == "file")
            files.insert(out.back().first);
    }
    return out;
}

VariableMap predefined(const GitLabContext &context, const JobRecord &job,
    const PipelineRecord &pipeline, const CommitRecord &commit)
{
    const std::string web = context.url + "/" + context.options.projectPath;
    VariableMap v = commitVariables(pipeline.source, pipeline.ref, pipeline.tag, pipeline.beforeSha,
        commit, context.options.projectPath);
    v["CI_SERVER_URL"] = context.url;
    v["CI_SERVER_PROTOCOL"] = "http";
    v["CI_SERVER_HOST"] = "127.0.0.1";
    v["CI_API_V4_URL"] = context.url + "/api/v4";
    v["CI_PROJECT_URL"] = web;
    v["CI_REPOSITORY_URL"] = web + ".git";
    v["CI_PIPELINE_ID"] = std::to_string(pipeline.id);
    v["CI_PIPELINE_IID"] = std::to_string(pipeline.iid);
    v["CI_PIPELINE_URL"] = web + "/-/pipelines/" + std::to_string(pipeline.id);
    v["CI_PIPELINE_CREATED_AT"] = timeText(pipeline.created);
    v["CI_PIPELINE_NAME"] = pipeline.name;
    v["CI_JOB_ID"] = std::to_string(job.id);
    v["CI_JOB_NAME"] = job.name;
    v["CI_JOB_STAGE"] = job.stage;
    v["CI_JOB_URL"] = web + "/-/jobs/" + std::to_string(job.id);
    v["CI_JOB_TOKEN"] = job.token;
    v["CI_JOB_STATUS"] = "running";
    v["CI_JOB_STARTED_AT"] = timeText(job.started);
    if (pipeline.source == "trigger")
        v["CI_PIPELINE_TRIGGERED"] = "true";
    if (job.when == "manual")
        v["CI_JOB_MANUAL"] = "true";
    return v;
}

// References between variables; what refers to itself stays as it is after a few rounds.
std::string expanded(const std::string &value, const VariableMap &all, int depth)
{
    if (depth == deepestExpansion || value.find('$') == std::string::npos)
        return value;
    VariableMap used;
    for (const auto &[key, other] : all)
        if (value.find(key) != std::string::npos)
            used[key] = other == value ? std::string() : expanded(other, all, depth + 1);
    return expandVariables(value, used);
}

PayloadVariables variablesOf(GitLabContext &context, const JobRecord &job,
    const PipelineRecord &pipeline, const JobSpec &spec, const LabRunner &runner)
{
    CommitRecord commit = context.store.commit(pipeline.sha).value_or(CommitRecord());
    commit.sha = pipeline.sha;
    VariableMap fixed = predefined(context, job, pipeline, commit);
    fixed["CI_RUNNER_ID"] = std::to_string(runner.id);
    fixed["CI_RUNNER_DESCRIPTION"] = runner.description;
    fixed["CI_RUNNER_VERSION"] = "1.0";
    fixed["CI_RUNNER_EXECUTABLE_ARCH"] = "linux/amd64";
    PayloadVariables out;
    out.masked.insert("CI_JOB_TOKEN");
    VariableMap all = fixed;
    for (const GitLabSide::JobVariable &variable : context.options.jobEnvironment) {
        all[variable.key] = variable.value;
        fixed[variable.key] = variable.value; // a secret may hold a "$"
        if (variable.masked)
            out.masked.insert(variable.key);
    }
    Variables own = spec.variables;
    const Variables given = givenVariables(pipeline, out.files);
    if (!pipeline.payload.empty()) {
        all["TRIGGER_PAYLOAD"] = fixed["TRIGGER_PAYLOAD"] = pipeline.payload;
        out.files.insert("TRIGGER_PAYLOAD");
    }
    own.insert(own.end(), given.begin(), given.end());
    for (const auto &[key, value] : own)
        all[key] = value;
    for (const auto &[key, value] : all) {
        const auto known = fixed.find(key);
        const bool isFixed
            = (known != fixed.end() && known->second == value) || out.files.contains(key);
        out.list.emplace_back(key, isFixed ? value : expanded(value, all, 0));
    }
    return out;
}

OrderedJson steps(const JobSpec &spec)
{
    OrderedJson list = OrderedJson::array();
    const auto add = [&](const char *name, const std::vector<std::string> &script,
                         std::int64_t timeout, const char *when, bool allowFailure) {
        OrderedJson step;
        step["name"] = name;
        step["script"] = script;
        step["timeout"] = timeout;
        step["when"] = when;
        step["allow_failure"] = allowFailure;
        list.push_back(std::move(step));
    };
    add("script", spec.script, spec.timeoutSeconds, "on_success", false);
    if (!spec.afterScript.empty())
        add("after_script", spec.afterScript, afterScriptSeconds, "always", true);
    return list;
}

OrderedJson artifacts(const JobSpec &spec, const VariableMap &variables)
{
    OrderedJson list = OrderedJson::array();
    if (!spec.artifacts)
        return list;
    const CiArtifacts &wanted = *spec.artifacts;
    const auto add = [&](const std::vector<std::string> &paths, std::string_view when,
                         const char *type, const char *format, const std::string &name) {
        std::vector<std::string> expandedPaths;
        for (const std::string &path : paths)
            expandedPaths.push_back(expandVariables(path, variables));
        OrderedJson item;
        item["name"] = expandVariables(name, variables);
        item["untracked"] = false;
        item["paths"] = expandedPaths;
        item["exclude"] = wanted.exclude;
        item["when"] = when;
        item["artifact_type"] = type;
        item["artifact_format"] = format;
        item["expire_in"]
            = wanted.expireSeconds ? std::to_string(*wanted.expireSeconds) : std::string();
        list.push_back(std::move(item));
    };
    if (!wanted.paths.empty())
        add(wanted.paths, whenName(wanted.when), "archive", "zip", wanted.name);
    if (!wanted.junit.empty())
        add(wanted.junit, "always", "junit", "gzip", "");
    return list;
}

OrderedJson dependencies(GitLabContext &context, const JobRecord &job, const JobSpec &spec)
{
    OrderedJson list = OrderedJson::array();
    if (spec.artifactsFrom.empty())
        return list;
    for (const JobRecord &other : context.store.currentJobs(job.pipeline)) {
        if (std::find(spec.artifactsFrom.begin(), spec.artifactsFrom.end(), other.name)
            == spec.artifactsFrom.end())
            continue;
        for (const ArtifactRecord &artifact : context.store.artifacts(other.id)) {
            if (artifact.type != "archive")
                continue;
            OrderedJson item;
            item["id"] = other.id;
            item["token"] = job.token;
            item["name"] = other.name;
            item["artifacts_file"]
                = { { "filename", artifact.fileName }, { "size", artifact.size } };
            list.push_back(std::move(item));
        }
    }
    return list;
}

} // namespace

namespace {

// The smaller of the two, as in GitLab.
std::int64_t timeoutFor(const JobSpec &spec, const LabRunner &runner)
{
    return runner.maximumTimeout > 0 ? std::min(spec.timeoutSeconds, runner.maximumTimeout)
                                     : spec.timeoutSeconds;
}

} // namespace

OrderedJson jobPayload(GitLabContext &context, const JobRecord &job, const LabRunner &runner)
{
    const PipelineRecord pipeline = context.store.pipeline(job.pipeline).value_or(PipelineRecord());
    const JobSpec spec = JobSpec::fromText(context.store.spec(job.id));
    const PayloadVariables variables = variablesOf(context, job, pipeline, spec, runner);
    OrderedJson list = OrderedJson::array();
    for (const auto &[key, value] : variables.list) {
        OrderedJson item;
        item["key"] = key;
        item["value"] = value;
        item["public"] = !variables.masked.contains(key);
        item["file"] = variables.files.contains(key);
        item["masked"] = variables.masked.contains(key);
        item["raw"] = true;
        list.push_back(std::move(item));
    }
    const std::string &project = context.options.projectPath;
    OrderedJson payload;
    payload["id"] = job.id;
    payload["token"] = job.token;
    payload["allow_git_fetch"] = true;
    payload["job_info"] = { { "id", job.id }, { "name", job.name }, { "stage", job.stage },
        { "project_id", 1 }, { "project_name", project.substr(project.rfind('/') + 1) },
        { "project_full_path", project }, { "pipeline_id", pipeline.id } };
    payload["git_info"] = { { "repo_url", context.url + "/" + project + ".git" },
        { "ref", pipeline.ref }, { "sha", pipeline.sha }, { "before_sha", pipeline.beforeSha },
        { "ref_type", pipeline.tag ? "tag" : "branch" },
        { "refspecs", { "+" + pipeline.sha + ":refs/pipelines/" + std::to_string(pipeline.id) } },
        { "depth", 20 }, { "repo_object_format", "sha1" } };
    payload["runner_info"]
        = { { "timeout", timeoutFor(spec, runner) }, { "runner_session_url", nullptr } };
    payload["inputs"] = OrderedJson::array();
    payload["variables"] = std::move(list);
    payload["steps"] = steps(spec);
    payload["image"] = nullptr;
    payload["services"] = OrderedJson::array();
    payload["artifacts"]
        = artifacts(spec, VariableMap(variables.list.begin(), variables.list.end()));
    payload["cache"] = OrderedJson::array();
    payload["credentials"] = OrderedJson::array();
    payload["dependencies"] = dependencies(context, job, spec);
    payload["features"] = { { "trace_sections", true },
        { "failure_reasons",
            { "unknown_failure", "script_failure", "runner_system_failure", "job_execution_timeout",
                "job_canceled" } } };
    return payload;
}

} // namespace faultline::lab
