// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/lab/gitlab/api_pipelines.h"

#include <array>
#include <utility>

#include "services/lab/gitlab/api_time.h"
#include "services/lab/gitlab/body_parameters.h"
#include "services/lab/gitlab/paging.h"

namespace faultline::lab {

namespace {

constexpr std::int64_t everything = 100'000;
constexpr std::size_t longestName = 255;
constexpr const char *tooLong = "is too long (maximum is 255 characters)";

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
    filter.source = choice(call, "source",
        { "unknown", "push", "web", "trigger", "schedule", "api", "external", "pipeline", "chat",
            "webide", "merge_request_event", "external_pull_request_event", "parent_pipeline",
            "ondemand_dast_scan", "ondemand_dast_validation", "security_orchestration_policy",
            "container_registry_push", "duo_workflow", "pipeline_execution_policy_schedule" });
    filter.name = call.text("name");
    if (const auto broken = call.given("yaml_errors"))
        filter.yamlErrors = flagParameter(call.parameters(), "yaml_errors");
    filter.updatedAfter = timeParameter(call, "updated_after");
    filter.updatedBefore = timeParameter(call, "updated_before");
    filter.createdAfter = timeParameter(call, "created_after");
    filter.createdBefore = timeParameter(call, "created_before");
    filter.orderBy = choice(call, "order_by", { "id", "status", "ref", "updated_at", "user_id" });
    filter.ascending = choice(call, "sort", { "asc", "desc" }) == "asc";
    return filter;
}

} // namespace

ApiPipelines::ApiPipelines(GitLabContext &context)
    : m_context(context)
{
}

void ApiPipelines::addRoutes(ApiRoutes &routes)
{
    routes.addToProject("GET", "/pipelines", [this](const ApiCall &call) { list(call); });
    routes.addToProject("GET", "/pipelines/latest", [this](const ApiCall &call) { latest(call); });
    routes.addToProject("GET", "/pipelines/:pipeline",
        [](const ApiCall &call) { replyPipeline(call, 200, call.pipeline().id); });
    routes.addToProject("GET", "/pipelines/:pipeline/variables", [](const ApiCall &call) {
        call.reply(200, OrderedJson::parse(call.pipeline().variables, nullptr, false));
    });
    routes.addToProject("PUT", "/pipelines/:pipeline/metadata", [this](const ApiCall &call) {
        PipelineRecord pipeline = call.pipeline();
        pipeline.name = call.required("name");
        if (pipeline.name.size() > longestName)
            throw ApiFailure{ 400, { { "message", { { "name", { tooLong } } } } } };
        m_context.store.save(pipeline, pipeline.updated);
        replyPipeline(call, 200, pipeline.id);
    });
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
    routes.addToProject(
        "GET", "/pipeline_schedules/:schedule/pipelines", [this](const ApiCall &call) {
            PipelineFilter filter;
            filter.schedule = call.document("schedule", "schedule").at("id").get<std::int64_t>();
            filter.ascending = call.text("sort") == "asc";
            replyList(call, filter);
        });
}

void ApiPipelines::list(const ApiCall &call) const
{
    const PipelineFilter filter = filterOf(call);
    const std::string user = call.text("username");
    replyList(call, filter, user.empty() || user == "lab");
}

void ApiPipelines::replyList(const ApiCall &call, const PipelineFilter &filter, bool mayMatch) const
{
    const Page page = Page::of(call.request());
    const Entities entities = call.entities();
    const std::int64_t total = mayMatch ? m_context.store.countPipelines(filter) : 0;
    OrderedJson body = OrderedJson::array();
    if (mayMatch)
        for (const PipelineRecord &pipeline : m_context.store.pipelines(filter, page.slice()))
            body.push_back(entities.pipelineBasic(pipeline));
    Response response;
    response.body = jsonText(body);
    addPageHeaders(response, call.request(), page, page.number * page.size < total, total);
    call.reply(std::move(response));
}

void ApiPipelines::latest(const ApiCall &call) const
{
    call.inWorker([this, call, asked = call.text("ref"), repository = m_context.repository]() {
        const auto ref = repository.resolve(asked.empty() ? repository.defaultBranch() : asked);
        return [this, call, ref] {
            PipelineFilter filter;
            filter.ref = ref ? ref->name : std::string();
            filter.sha = ref ? ref->sha : std::string();
            const auto newest
                = ref ? m_context.store.pipelines(filter, { 0, 1 }) : std::vector<PipelineRecord>();
            // Not 404: GitLab's own choice.
            if (newest.empty())
                throw ApiFailure::message(403, "403 Forbidden");
            replyPipeline(call, 200, newest.front().id);
        };
    });
}

void ApiPipelines::remove(const ApiCall &call)
{
    const PipelineRecord pipeline = call.pipeline();
    const std::string_view since = call.request().header("if-unmodified-since");
    if (const auto time = parseHttpTime(since); time && pipeline.updated / 1000 > *time / 1000)
        throw ApiFailure::message(412, "412 Precondition Failed");
    m_context.progress.cancelPipeline(pipeline.id);
    JobFilter filter;
    filter.pipeline = pipeline.id;
    for (const JobRecord &job : m_context.store.jobs(filter, { 0, everything })) {
        m_context.traces.remove(job.id);
        std::error_code ignored; // a job without artifacts has no folder
        std::filesystem::remove_all(m_context.artifactFolder(job.id), ignored);
    }
    m_context.store.removePipeline(pipeline.id);
    call.replyNothing();
}

void replyPipeline(const ApiCall &call, int status, std::int64_t id)
{
    const auto pipeline = call.context().store.pipeline(id);
    if (!pipeline)
        throw ApiFailure::message(404, "404 Not found");
    const Milliseconds waited = pipeline->started - pipeline->created;
    call.reply(status, call.entities().pipeline(*pipeline, static_cast<double>(waited) / 1000.0));
}

} // namespace faultline::lab
