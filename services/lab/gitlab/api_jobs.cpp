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
    routes.addToProject("GET", "/pipelines/:pipeline/jobs",
        [this](const ApiCall &call) { listOfPipeline(call, ""); });
    routes.addToProject("GET", "/pipelines/:pipeline/bridges",
        [this](const ApiCall &call) { listOfPipeline(call, "bridge"); });
    routes.addToProject(
        "GET", "/jobs/:job", [this](const ApiCall &call) { replyJob(call, 200, call.job()); });
    routes.addToProject("POST", "/jobs/:job/cancel", [this](const ApiCall &call) { cancel(call); });
    routes.addToProject("POST", "/jobs/:job/retry", [this](const ApiCall &call) {
        const auto job = m_context.progress.retry(call.processable());
        if (!job)
            throw ApiFailure::message(403, "403 Forbidden - " + job.error());
        replyJob(call, 201, *job);
    });
    routes.addToProject("POST", "/jobs/:job/play", [this](const ApiCall &call) {
        const auto job
            = m_context.progress.play(call.processable(), playVariables(call.parameters()));
        if (!job)
            throw ApiFailure::message(400, "400 Bad request - " + job.error());
        replyJob(call, 200, *job);
    });
    routes.addToProject("POST", "/jobs/:job/erase", [this](const ApiCall &call) { erase(call); });
    routes.addToProject(
        "POST", "/jobs/:job/artifacts/keep", [this](const ApiCall &call) { keepArtifacts(call); });
    routes.add(
        "GET", "/runners/:runner/jobs", user, [this](const ApiCall &call) { listOfRunner(call); });
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
    response.body = m_bodies.one(job, call.entities());
    call.reply(std::move(response));
}

void ApiJobs::replyList(const ApiCall &call, const std::vector<JobRecord> &jobs, Response response)
{
    response.body = m_bodies.list(jobs, call.entities());
    call.reply(std::move(response));
}

// GitLab never counts here: no totals, in either way of paging.
void ApiJobs::listOfProject(const ApiCall &call)
{
    JobFilter filter;
    filter.scopes = scopesOf(call);
    const Page page = Page::of(call.request());
    const bool keyset = call.text("pagination") == "keyset";
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
    if (keyset) {
        filter.cursor = numberOf(call.text("cursor"));
        filter.ascending = call.text("sort") == "asc";
    }
    replyUncounted(call, filter, page, keyset);
}

void ApiJobs::listOfRunner(const ApiCall &call)
{
    JobFilter filter;
    const LabRunner *runner = m_context.runners.find(call.pathId("runner", "Runner"));
    if (!runner)
        throw ApiFailure::notFound("Runner");
    filter.runner = runner->id;
    if (const std::string status = call.text("status"); !status.empty())
        filter.scopes = { status };
    filter.cursor = numberOf(call.text("cursor"));
    filter.ascending = call.text("sort") == "asc";
    replyUncounted(call, filter, Page::of(call.request()), call.text("pagination") == "keyset");
}

void ApiJobs::replyUncounted(const ApiCall &call, const JobFilter &filter, Page page, bool keyset)
{
    const Slice slice = keyset ? Slice{ 0, page.size + 1 } : page.sliceAndOne();
    std::vector<JobRecord> jobs = m_context.store.jobs(filter, slice);
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

void ApiJobs::listOfPipeline(const ApiCall &call, const std::string &kind)
{
    JobFilter filter;
    filter.pipeline = call.pipeline().id;
    filter.kind = kind;
    filter.scopes = scopesOf(call);
    filter.includeRetried = flagParameter(call.parameters(), "include_retried");
    const Page page = Page::of(call.request());
    const std::int64_t total = m_context.store.countJobs(filter);
    Response response;
    addPageHeaders(response, call.request(), page, page.number * page.size < total, total);
    replyList(call, m_context.store.jobs(filter, page.slice()), std::move(response));
}

void ApiJobs::cancel(const ApiCall &call)
{
    const JobRecord job = call.processable();
    const bool force = flagParameter(call.parameters(), "force");
    // By force it is ended from "canceling" only; another one is answered as it is (GitLab's
    // lib/api/ci/jobs.rb asks the state machine and does not look at what it says).
    if (!force || job.status == "canceling")
        m_context.progress.cancel(job, force);
    replyJob(call, 201, call.processable());
}

void ApiJobs::erase(const ApiCall &call)
{
    JobRecord job = call.job();
    if (!isComplete(job.status) || job.erased != 0)
        throw ApiFailure::message(403, "403 Forbidden - Job is not erasable!");
    m_context.traces.remove(job.id);
    std::error_code ignored; // a job without artifacts has no folder
    std::filesystem::remove_all(m_context.artifactFolder(job.id), ignored);
    m_context.store.removeArtifacts(job.id);
    job.erased = m_context.progress.now();
    job.traceSize = 0;
    m_context.store.save(job);
    replyJob(call, 201, job);
}

void ApiJobs::keepArtifacts(const ApiCall &call)
{
    const JobRecord job = call.job();
    std::vector<ArtifactRecord> artifacts = m_context.store.artifacts(job.id);
    if (artifacts.empty())
        throw ApiFailure::message(404, "404 Not found");
    for (ArtifactRecord &artifact : artifacts) {
        artifact.expires = 0;
        m_context.store.saveArtifact(artifact);
    }
    replyJob(call, 201, job);
}

} // namespace faultline::lab
