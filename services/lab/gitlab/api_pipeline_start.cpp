// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/lab/gitlab/api_pipeline_start.h"

#include <utility>

#include "services/lab/gitlab/api_pipelines.h"
#include "services/lab/gitlab/body_parameters.h"
#include "services/lab/gitlab/random_token.h"

namespace faultline::lab {

namespace {

constexpr std::size_t mostPayload = 1U << 20U;

// [{key, value, variable_type}] of create
void readListedVariables(const nlohmann::json &parameters, PipelineRequest &request)
{
    const auto list = parameters.find("variables");
    if (list == parameters.end() || list->is_null())
        return;
    if (!list->is_array())
        throw ApiFailure::parameter("variables is invalid");
    for (const auto &item : *list) {
        const std::string key = item.is_object() ? textParameter(item, "key") : std::string();
        if (key.empty())
            throw ApiFailure::parameter("variables[key] is missing");
        const std::string type = textParameter(item, "variable_type");
        if (!type.empty() && type != "env_var" && type != "file")
            throw ApiFailure::parameter("variables[variable_type] does not have a valid value");
        if (type == "file")
            request.fileVariables.insert(key);
        request.variables.emplace_back(key, textParameter(item, "value"));
    }
}

// {KEY: "value"} of trigger
void readMappedVariables(const nlohmann::json &parameters, PipelineRequest &request)
{
    const auto map = parameters.find("variables");
    if (map == parameters.end() || map->is_null())
        return;
    const auto refused = ApiFailure::message(
        400, "400 Bad request - variables needs to be a map of key-valued strings");
    if (!map->is_object())
        throw refused;
    for (const auto &[key, value] : map->items()) {
        if (!value.is_string())
            throw refused;
        request.variables.emplace_back(key, value.get<std::string>());
    }
}

void readInputs(const nlohmann::json &parameters, PipelineRequest &request)
{
    const auto inputs = parameters.find("inputs");
    if (inputs == parameters.end() || inputs->is_null())
        return;
    if (!inputs->is_object())
        throw ApiFailure::parameter("inputs is invalid");
    for (const auto &[name, value] : inputs->items())
        request.inputs.emplace(name, value);
}

// What TRIGGER_PAYLOAD holds: the parameters, without the token.
std::string payloadOf(const nlohmann::json &parameters)
{
    nlohmann::json shown = parameters;
    shown.erase("token");
    std::string text = shown.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
    return text.size() > mostPayload ? std::string() : text;
}

} // namespace

ApiPipelineStart::ApiPipelineStart(GitLabContext &context, PipelineStarter &starter)
    : m_context(context)
    , m_starter(starter)
{
}

void ApiPipelineStart::addRoutes(ApiRoutes &routes)
{
    routes.addToProject("POST", "/pipeline", [this](const ApiCall &call) { create(call); });
    for (const char *path : { "/trigger/pipeline", "/ref/:ref/trigger/pipeline" })
        routes.addToProject(
            "POST", path, [this](const ApiCall &call) { trigger(call); }, ApiRoutes::Need::nothing);
}

void ApiPipelineStart::create(const ApiCall &call)
{
    PipelineRequest request;
    request.source = "api";
    request.ref = call.required("ref");
    readInputs(call.parameters(), request);
    readListedVariables(call.parameters(), request);
    start(call, std::move(request));
}

// "pipeline" for the token of a running job; throws a 404 for none.
std::string ApiPipelineStart::sourceOfToken(const std::string &token)
{
    if (sameSecret(token, m_context.options.secrets.triggerToken))
        return "trigger";
    for (DocumentStore::Json &known : m_context.documents.all("trigger")) {
        if (!sameSecret(token, known.value("token", std::string())))
            continue;
        const Milliseconds expires = known.value("expires", Milliseconds(0));
        if (expires != 0 && expires < m_context.progress.now())
            break;
        known["used"] = m_context.progress.now();
        m_context.documents.save("trigger", known);
        return "trigger";
    }
    const auto job = m_context.store.jobByToken(token);
    if (!job || isComplete(job->status))
        throw ApiFailure::message(404, "404 Not Found");
    return "pipeline";
}

void ApiPipelineStart::trigger(const ApiCall &call)
{
    PipelineRequest request;
    request.source = sourceOfToken(call.required("token"));
    if (call.request().header("x-gitlab-event") == "Pipeline Hook")
        throw ApiFailure::message(403, "403 Forbidden");
    request.ref = call.segment("ref");
    if (request.ref.empty())
        request.ref = call.required("ref");
    readInputs(call.parameters(), request);
    readMappedVariables(call.parameters(), request);
    request.payload = payloadOf(call.parameters());
    start(call, std::move(request));
}

void ApiPipelineStart::start(const ApiCall &call, PipelineRequest request)
{
    m_starter.start(
        std::move(request), [call](const tl::expected<PipelineRecord, std::string> &pipeline) {
            call.guarded([&] {
                if (!pipeline)
                    throw ApiFailure::base(pipeline.error());
                replyPipeline(call, 201, pipeline->id);
            });
        });
}

} // namespace faultline::lab
