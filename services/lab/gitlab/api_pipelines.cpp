// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/lab/gitlab/api_pipelines.h"

#include <array>
#include <utility>

#include "services/lab/gitlab/api_time.h"
#include "services/lab/gitlab/body_parameters.h"
#include "services/lab/gitlab/paging.h"
#include "services/lab/gitlab/random_token.h"

namespace faultline::lab {

namespace {

constexpr std::int64_t everything = 100'000;

Milliseconds timeParameter(const ApiCall &call, std::string_view key)
{
    const std::string text = call.text(key);
    if (text.empty())
        return 0;
    const auto time = parseTime(text);
    if (!time)
        throw ApiFailure::parameter(std::string(key) + " is invalid");
    return *time;
}

std::string choice(
    const ApiCall &call, std::string_view key, std::initializer_list<std::string_view> allowed)
{
    std::string value = call.text(key);
    for (const std::string_view one : allowed)
        if (value.empty() || value == one)
            return value;
    throw ApiFailure::parameter(std::string(key) + " does not have a valid value");
}

PipelineFilter filterOf(const ApiCall &call)
{
    PipelineFilter filter;
    filter.scope = choice(call, "scope", { "running", "pending", "finished", "branches", "tags" });
    filter.status = choice(call, "status",
        { "created", "waiting_for_resource", "preparing", "waiting_for_callback", "pending",
            "running", "success", "failed", "canceling", "canceled", "skipped", "manual",
            "scheduled" });
    filter.ref = call.text("ref");
    filter.sha = call.text("sha");
    filter.source = call.text("source");
    filter.name = call.text("name");
    filter.updatedAfter = timeParameter(call, "updated_after");
    filter.updatedBefore = timeParameter(call, "updated_before");
    filter.createdAfter = timeParameter(call, "created_after");
    filter.createdBefore = timeParameter(call, "created_before");
    filter.orderBy = choice(call, "order_by", { "id", "status", "ref", "updated_at", "user_id" });
    filter.ascending = choice(call, "sort", { "asc", "desc" }) == "asc";
    return filter;
}

// [{key, value, variable_type}] of create
Variables listedVariables(const nlohmann::json &parameters)
{
    Variables variables;
    const auto list = parameters.find("variables");
    if (list == parameters.end() || list->is_null())
        return variables;
    if (!list->is_array())
        throw ApiFailure::parameter("variables is invalid");
    for (const auto &item : *list) {
        if (!item.is_object() || textParameter(item, "key").empty())
            throw ApiFailure::parameter("variables[key] is missing");
        if (textParameter(item, "variable_type") == "file")
            throw ApiFailure::base("Variables of type file are not supported by the lab");
        variables.emplace_back(textParameter(item, "key"), textParameter(item, "value"));
    }
    return variables;
}

// {KEY: "value"} of trigger
Variables mappedVariables(const nlohmann::json &parameters)
{
    Variables variables;
    const auto map = parameters.find("variables");
    if (map == parameters.end() || map->is_null())
        return variables;
    const auto refused = ApiFailure::message(
        400, "400 Bad request - variables needs to be a map of key-valued strings");
    if (!map->is_object())
        throw refused;
    for (const auto &[key, value] : map->items()) {
        if (!value.is_string())
            throw refused;
        variables.emplace_back(key, value.get<std::string>());
    }
    return variables;
}

void refuseInputs(const nlohmann::json &parameters)
{
    const auto inputs = parameters.find("inputs");
    if (inputs != parameters.end() && inputs->is_structured() && !inputs->empty())
        throw ApiFailure::base("Pipeline inputs are not supported by the lab");
}

} // namespace

ApiPipelines::ApiPipelines(GitLabContext &context, PipelineStarter &starter)
    : m_context(context)
    , m_starter(starter)
{
}

void ApiPipelines::addRoutes(ApiRoutes &routes)
{
    routes.addToProject("GET", "/pipelines", [this](const ApiCall &call) { list(call); });
    routes.addToProject("GET", "/pipelines/latest", [this](const ApiCall &call) { latest(call); });
    routes.addToProject("GET", "/pipelines/:pipeline",
        [this](const ApiCall &call) { replyPipeline(call, 200, call.pipeline().id); });
    routes.addToProject("GET", "/pipelines/:pipeline/variables", [](const ApiCall &call) {
        call.reply(200, OrderedJson::parse(call.pipeline().variables, nullptr, false));
    });
    routes.addToProject("GET", "/pipelines/:pipeline/bridges", [](const ApiCall &call) {
        (void)call.pipeline();
        call.reply(
            200, OrderedJson::array()); // child pipelines are refused by the reader: there are none
    });
    routes.addToProject("POST", "/pipeline", [this](const ApiCall &call) { create(call); });
    routes.addToProject(
        "POST", "/trigger/pipeline", [this](const ApiCall &call) { trigger(call); },
        ApiRoutes::Need::nothing);
    routes.addToProject(
        "POST", "/ref/:ref/trigger/pipeline", [this](const ApiCall &call) { trigger(call); },
        ApiRoutes::Need::nothing);
    routes.addToProject("POST", "/pipelines/:pipeline/cancel", [this](const ApiCall &call) {
        const PipelineRecord pipeline = call.pipeline();
        m_context.progress.cancelPipeline(pipeline.id);
        replyPipeline(call, 200, pipeline.id);
    });
    routes.addToProject("POST", "/pipelines/:pipeline/retry", [this](const ApiCall &call) {
        const PipelineRecord pipeline = call.pipeline();
        m_context.progress.retryPipeline(pipeline.id);
        replyPipeline(call, 201, pipeline.id);
    });
    routes.addToProject(
        "DELETE", "/pipelines/:pipeline", [this](const ApiCall &call) { remove(call); });
}

void ApiPipelines::list(const ApiCall &call) const
{
    const PipelineFilter filter = filterOf(call);
    const Page page = Page::of(call.request());
    const Entities entities = call.entities();
    const std::int64_t total = m_context.store.countPipelines(filter);
    OrderedJson body = OrderedJson::array();
    for (const PipelineRecord &pipeline : m_context.store.pipelines(filter, page.slice()))
        body.push_back(entities.pipelineBasic(pipeline));
    Response response;
    response.body = jsonText(body);
    addPageHeaders(response, call.request(), page, page.number * page.size < total, total);
    call.reply(std::move(response));
}

void ApiPipelines::latest(const ApiCall &call) const
{
    const auto answer = [this, call](const std::string &ref) {
        const auto pipeline = m_context.store.latestPipeline(ref);
        // Not 404: GitLab's own choice.
        if (!pipeline)
            throw ApiFailure::message(403, "403 Forbidden");
        replyPipeline(call, 200, pipeline->id);
    };
    if (const std::string ref = call.text("ref"); !ref.empty())
        return answer(ref);
    call.inWorker([answer, repository = m_context.repository] {
        return [answer, branch = repository.defaultBranch()] { answer(branch); };
    });
}

void ApiPipelines::create(const ApiCall &call)
{
    PipelineRequest request;
    request.source = "api";
    request.ref = call.text("ref");
    if (request.ref.empty())
        throw ApiFailure::parameter("ref is missing");
    refuseInputs(call.parameters());
    request.variables = listedVariables(call.parameters());
    start(call, std::move(request));
}

void ApiPipelines::trigger(const ApiCall &call)
{
    const std::string token = call.text("token");
    if (token.empty())
        throw ApiFailure::parameter("token is missing");
    PipelineRequest request;
    request.source = "trigger";
    if (!sameSecret(token, m_context.options.secrets.triggerToken)) {
        const auto job = m_context.store.jobByToken(token);
        if (!job || isComplete(job->status))
            throw ApiFailure::message(404, "404 Not Found");
        request.source = "pipeline";
    }
    if (call.request().header("x-gitlab-event") == "Pipeline Hook")
        throw ApiFailure::message(403, "403 Forbidden");
    const auto inPath = call.request().parameters.find("ref");
    request.ref = inPath != call.request().parameters.end() ? inPath->second : call.text("ref");
    if (request.ref.empty())
        throw ApiFailure::parameter("ref is missing");
    refuseInputs(call.parameters());
    request.variables = mappedVariables(call.parameters());
    start(call, std::move(request));
}

void ApiPipelines::start(const ApiCall &call, PipelineRequest request)
{
    m_starter.start(std::move(request),
        [this, call](const tl::expected<PipelineRecord, std::string> &pipeline) {
            call.guarded([&] {
                if (!pipeline)
                    throw ApiFailure::base(pipeline.error());
                replyPipeline(call, 201, pipeline->id);
            });
        });
}

void ApiPipelines::remove(const ApiCall &call)
{
    const PipelineRecord pipeline = call.pipeline();
    m_context.progress.cancelPipeline(pipeline.id);
    for (const JobRecord &job : m_context.store.jobsOf(pipeline.id, true, {}, { 0, everything })) {
        m_context.traces.remove(job.id);
        std::error_code ignored; // a job without artifacts has no folder
        std::filesystem::remove_all(
            m_context.artifactFile(job.id, "archive").parent_path(), ignored);
    }
    m_context.store.removePipeline(pipeline.id);
    Response response;
    response.status = 204;
    call.reply(std::move(response));
}

void ApiPipelines::replyPipeline(const ApiCall &call, int status, std::int64_t id) const
{
    const auto pipeline = m_context.store.pipeline(id);
    if (!pipeline)
        throw ApiFailure::message(404, "404 Not found");
    const Milliseconds waited = pipeline->started - pipeline->created;
    call.reply(status, call.entities().pipeline(*pipeline, static_cast<double>(waited) / 1000.0));
}

} // namespace faultline::lab
