// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/lab/gitlab/job_spec.h"

#include <algorithm>
#include <array>

#include <nlohmann/json.hpp>

namespace faultline::lab {

namespace {

using nlohmann::json;

constexpr std::array<std::pair<std::string_view, When>, 6> whenNames
    = { { { "on_success", When::onSuccess }, { "on_failure", When::onFailure },
        { "always", When::always }, { "manual", When::manual }, { "delayed", When::delayed },
        { "never", When::never } } };

json artifactsToJson(const CiArtifacts &artifacts)
{
    json out = { { "paths", artifacts.paths }, { "exclude", artifacts.exclude },
        { "junit", artifacts.junit }, { "when", whenName(artifacts.when) },
        { "name", artifacts.name } };
    if (artifacts.expireSeconds)
        out["expire"] = *artifacts.expireSeconds;
    return out;
}

CiArtifacts artifactsFromJson(const json &in)
{
    CiArtifacts artifacts;
    artifacts.paths = in.value("paths", artifacts.paths);
    artifacts.exclude = in.value("exclude", artifacts.exclude);
    artifacts.junit = in.value("junit", artifacts.junit);
    artifacts.when = whenFromName(in.value("when", std::string()));
    artifacts.name = in.value("name", std::string());
    if (in.contains("expire"))
        artifacts.expireSeconds = in.at("expire").get<std::int64_t>();
    return artifacts;
}

} // namespace

std::string_view whenName(When when)
{
    const auto found = std::find_if(whenNames.begin(), whenNames.end(),
        [when](const auto &entry) { return entry.second == when; });
    return found == whenNames.end() ? std::string_view() : found->first;
}

When whenFromName(std::string_view name)
{
    const auto found = std::find_if(whenNames.begin(), whenNames.end(),
        [name](const auto &entry) { return entry.first == name; });
    return found == whenNames.end() ? When::onSuccess : found->second;
}

std::string JobSpec::toText() const
{
    json out = { { "script", script }, { "after", afterScript }, { "variables", variables },
        { "tags", tags }, { "timeout", timeoutSeconds }, { "allowCodes", allowFailureExitCodes },
        { "from", artifactsFrom }, { "interruptible", interruptible },
        { "retry",
            { { "max", retry.max }, { "when", retry.when }, { "codes", retry.exitCodes } } } };
    if (needs)
        out["needs"] = *needs;
    if (startInSeconds > 0)
        out["startIn"] = startInSeconds;
    if (trigger)
        out["trigger"] = { { "files", trigger->files }, { "inputs", trigger->inputs },
            { "depends", trigger->dependsOnChild }, { "yaml", trigger->forwardsYamlVariables },
            { "pipeline", trigger->forwardsPipelineVariables } };
    if (artifacts)
        out["artifacts"] = artifactsToJson(*artifacts);
    return out.dump(-1, ' ', false, json::error_handler_t::replace);
}

JobSpec JobSpec::fromText(const std::string &text)
try {
    const json in = json::parse(text);
    JobSpec spec;
    spec.script = in.at("script").get<std::vector<std::string>>();
    spec.afterScript = in.at("after").get<std::vector<std::string>>();
    spec.variables = in.at("variables").get<Variables>();
    spec.tags = in.at("tags").get<std::vector<std::string>>();
    spec.timeoutSeconds = in.at("timeout").get<std::int64_t>();
    spec.allowFailureExitCodes = in.at("allowCodes").get<std::vector<int>>();
    spec.artifactsFrom = in.at("from").get<std::vector<std::string>>();
    spec.interruptible = in.at("interruptible").get<bool>();
    const json &retryIn = in.at("retry");
    spec.retry.max = retryIn.at("max").get<int>();
    spec.retry.when = retryIn.at("when").get<std::vector<std::string>>();
    spec.retry.exitCodes = retryIn.at("codes").get<std::vector<int>>();
    spec.startInSeconds = in.value("startIn", std::int64_t(0));
    if (in.contains("trigger")) {
        const json &from = in.at("trigger");
        spec.trigger = CiTrigger{ from.at("files").get<std::vector<std::string>>(),
            from.at("inputs").get<std::map<std::string, std::string>>(),
            from.at("depends").get<bool>(), from.at("yaml").get<bool>(),
            from.at("pipeline").get<bool>() };
    }
    if (in.contains("needs"))
        spec.needs = in.at("needs").get<std::vector<std::string>>();
    if (in.contains("artifacts"))
        spec.artifacts = artifactsFromJson(in.at("artifacts"));
    return spec;
} catch (const nlohmann::json::exception &) {
    return {};
}

} // namespace faultline::lab
