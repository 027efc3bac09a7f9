// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/lab/gitlab/api_jobs.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include "services/lab/gitlab/body_parameters.h"
#include "services/lab/gitlab/paging.h"

namespace faultline::lab {

namespace {

constexpr std::int64_t mostOffset = 50'000;

constexpr std::array<std::string_view, 13> statuses = { "created", "waiting_for_resource",
    "preparing", "waiting_for_callback", "pending", "running", "success", "failed", "canceling",
    "canceled", "skipped", "manual", "scheduled" };

std::vector<std::string> scopesOf(const ApiCall &call)
{
    std::vector<std::string> scopes = listParameter(call.parameters(), "scope");
    for (const std::string &scope : scopes)
        if (std::find(statuses.begin(), statuses.end(), scope) == statuses.end())
            throw ApiFailure::parameter("scope does not have a valid value");
    return scopes;
}

std::int64_t numberOf(const std::string &text)
{
    std::int64_t value = 0;
    std::from_chars(text.data(), text.data() + text.size(), value);
    return value;
}

Variables playVariables(const nlohmann::json &parameters)
{
    Variables variables;
    if (const auto list = parameters.find("job_variables_attributes");
        list != parameters.end() && list->is_array())
        for (const auto &item : *list)
            if (item.is_object())
                variables.emplace_back(textParameter(item, "key"), textParameter(item, "value"));
    return variables;
}

} // namespace

ApiJobs::ApiJobs(GitLabContext &context)
    : m_context(context)
    , m_bodies(context)
{
}

void ApiJobs::addRoutes(ApiRoutes &routes)
{
    using enum ApiRoutes::Need;
    routes.addToProject(
        "GET", "/jobs", [this](const ApiCall &call) { listOfProject(call); }, userOrJob);
    routes.addToProject(
        "GET", "/pipelines/:pipeline/jobs", [this](const ApiCall &call) { listOfPipeline(call); });
    routes.addToProject(
        "GET", "/jobs/:job", [this](const ApiCall &call) { replyJob(call, 200, call.job()); });
    routes.addToProject("POST", "/jobs/:job/cancel", [this](const ApiCall &call) {
        m_context.progress.cancel(call.job(), flagParameter(call.parameters(), "force"));
        replyJob(call, 201, call.job());
    });
    routes.addToProject("POST", "/jobs/:job/retry", [this](const ApiCall &call) {
        const auto job = m_context.progress.retry(call.job());
        if (!job)
            throw ApiFailure::message(403, "403 Forbidden - " + job.error());
        replyJob(call, 201, *job);
    });
    routes.addToProject("POST", "/jobs/:job/play", [this](const ApiCall &call) {
        const auto job = m_context.progress.play(call.job(), playVariables(call.parameters()));
        if (!job)
            throw ApiFailure::message(400, "400 Bad request - " + job.error());
        replyJob(call, 200, *job);
    });
    routes.addToProject("POST", "/jobs/:job/erase", [this](const ApiCall &call) { erase(call); });
    routes.add("GET", "/job", nothing, [this](const ApiCall &call) {
        const auto job = m_context.store.jobByToken(call.token());
        if (!job || isComplete(job->status))
            throw ApiFailure::message(401, "401 Unauthorized");
        replyJob(call, 200, *job);
    });
}

void ApiJobs::replyJob(const ApiCall &call, int status, const JobRecord &job)
{
    Response response;
    response.status = status;
    response.body = m_bodies.one(job, call.entities(), call.request().origin);
    call.reply(std::move(response));
}

void ApiJobs::replyList(const ApiCall &call, std::vector<JobRecord> &jobs, Response response)
{
    response.body = m_bodies.list(jobs, call.entities(), call.request().origin);
    call.reply(std::move(response));
}

// GitLab never counts here: no totals, in either way of paging.
void ApiJobs::listOfProject(const ApiCall &call)
{
    const std::vector<std::string> scopes = scopesOf(call);
    const Page page = Page::of(call.request());
    const bool keyset = call.text("pagination") == "keyset";
    const bool ascending = call.text("sort") == "asc";
    const std::string orderBy = call.text("order_by");
    if (keyset && !orderBy.empty() && orderBy != "id")
        throw ApiFailure{ 405,
            { { "error", "Keyset pagination is not yet available for this type of request" } } };
    if (!keyset && page.slice().offset >= mostOffset)
        throw ApiFailure{ 405,
            { { "error",
                "Offset pagination has a maximum allowed offset of 50000 for requests that return "
                "objects of type "
                "CommitStatus. Remaining records can be retrieved using keyset pagination." } } };
    std::vector<JobRecord> jobs = keyset
        ? m_context.store.projectJobs(
            scopes, numberOf(call.text("cursor")), ascending, { 0, page.size + 1 })
        : m_context.store.projectJobs(scopes, 0, false, page.sliceAndOne());
    const bool hasNext = static_cast<std::int64_t>(jobs.size()) > page.size;
    if (hasNext)
        jobs.pop_back();
    Response response;
    if (!keyset)
        addPageHeaders(response, call.request(), page, hasNext, std::nullopt);
    else if (hasNext)
        addKeysetHeader(response, call.request(), "cursor", jobs.back().id);
    replyList(call, jobs, std::move(response));
}

void ApiJobs::listOfPipeline(const ApiCall &call)
{
    const PipelineRecord pipeline = call.pipeline();
    const std::vector<std::string> scopes = scopesOf(call);
    const bool includeRetried = flagParameter(call.parameters(), "include_retried");
    const Page page = Page::of(call.request());
    const std::int64_t total = m_context.store.countJobsOf(pipeline.id, includeRetried, scopes);
    std::vector<JobRecord> jobs
        = m_context.store.jobsOf(pipeline.id, includeRetried, scopes, page.slice());
    Response response;
    addPageHeaders(response, call.request(), page, page.number * page.size < total, total);
    replyList(call, jobs, std::move(response));
}

void ApiJobs::erase(const ApiCall &call)
{
    JobRecord job = call.job();
    if (!isComplete(job.status) || job.erased != 0)
        throw ApiFailure::message(403, "403 Forbidden - Job is not erasable!");
    m_context.traces.remove(job.id);
    std::error_code ignored; // a job without artifacts has no folder
    std::filesystem::remove_all(m_context.artifactFile(job.id, "archive").parent_path(), ignored);
    m_context.store.removeArtifacts(job.id);
    job.erased = m_context.progress.now();
    job.traceSize = 0;
    m_context.store.save(job);
    replyJob(call, 201, job);
}

} // namespace faultline::lab
