// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/lab/runner/job_description.h"

#include <nlohmann/json.hpp>

namespace faultline::lab {

namespace {

using nlohmann::json;

std::string text(const json &object, const char *key)
{
    const auto found = object.find(key);
    return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

std::vector<std::string> texts(const json &object, const char *key)
{
    const auto found = object.find(key);
    return found != object.end() && found->is_array() ? found->get<std::vector<std::string>>()
                                                      : std::vector<std::string>();
}

void readSteps(const json &steps, JobDescription &job)
{
    for (const json &step : steps) {
        JobDescription::Step read{ texts(step, "script"), step.value("timeout", std::int64_t(0)) };
        const std::string name = text(step, "name");
        if (name == "script")
            job.script = std::move(read);
        else if (name == "after_script")
            job.afterScript = std::move(read);
    }
}

void readArtifacts(const json &artifacts, JobDescription &job)
{
    for (const json &artifact : artifacts)
        job.artifacts.push_back(
            { texts(artifact, "paths"), texts(artifact, "exclude"), text(artifact, "when"),
                text(artifact, "artifact_type"), text(artifact, "artifact_format"),
                text(artifact, "expire_in"), text(artifact, "name") });
}

} // namespace

tl::expected<JobDescription, std::string> JobDescription::fromJson(std::string_view body)
try {
    const json in = json::parse(body);
    JobDescription job;
    job.id = in.at("id").get<std::int64_t>();
    job.token = in.at("token").get<std::string>();
    job.name = text(in.at("job_info"), "name");
    job.projectPath = text(in.at("job_info"), "project_full_path");
    job.repositoryUrl = text(in.at("git_info"), "repo_url");
    job.ref = text(in.at("git_info"), "ref");
    job.sha = text(in.at("git_info"), "sha");
    job.timeoutSeconds = in.at("runner_info").at("timeout").get<std::int64_t>();
    for (const json &variable : in.at("variables"))
        job.variables.push_back({ text(variable, "key"), text(variable, "value"),
            variable.value("masked", false), variable.value("file", false) });
    readSteps(in.at("steps"), job);
    if (const auto artifacts = in.find("artifacts"); artifacts != in.end() && artifacts->is_array())
        readArtifacts(*artifacts, job);
    if (const auto dependencies = in.find("dependencies");
        dependencies != in.end() && dependencies->is_array())
        for (const json &dependency : *dependencies)
            job.dependencies.push_back({ dependency.at("id").get<std::int64_t>(),
                text(dependency, "token"), text(dependency, "name") });
    return job;
} catch (const json::exception &failure) {
    return tl::unexpected(std::string("the job can't be read: ") + failure.what());
}

std::vector<std::string> JobDescription::secrets() const
{
    std::vector<std::string> values = { token };
    for (const Variable &variable : variables)
        if (variable.masked)
            values.push_back(variable.value);
    return values;
}

} // namespace faultline::lab
