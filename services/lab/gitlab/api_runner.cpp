// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/lab/gitlab/api_runner.h"

#include <charconv>
#include <filesystem>

#include "services/lab/gitlab/body_parameters.h"
#include "services/lab/gitlab/ci_fields.h"
#include "services/lab/gitlab/files.h"
#include "services/lab/gitlab/random_token.h"

namespace faultline::lab {

namespace {

constexpr std::size_t largestArtifact = 1024U << 20U;
constexpr Milliseconds hearingInterval = 10'000;

Response jobAnswer(int status, const JobRecord &job, const std::string &body)
{
    Response response;
    response.status = status;
    response.body = body;
    response.headers.emplace_back("Job-Status", job.status);
    return response;
}

} // namespace

ApiRunner::ApiRunner(GitLabContext &context, JobQueue &queue)
    : m_context(context)
    , m_queue(queue)
{
}

void ApiRunner::addRoutes(ApiRoutes &routes)
{
    using enum ApiRoutes::Need;
    routes.add(
        "POST", "/jobs/request", nothing, [this](const ApiCall &call) { m_queue.request(call); });
    routes.add("PUT", "/jobs/:job", nothing, [this](const ApiCall &call) { update(call); });
    routes.add(
        "PATCH", "/jobs/:job/trace", nothing, [this](const ApiCall &call) { appendTrace(call); });
    routes.add("POST", "/jobs/:job/artifacts", nothing,
        [this](const ApiCall &call) { uploadArtifacts(call); }, { false, largestArtifact });
    routes.add("GET", "/jobs/:job/artifacts", nothing,
        [this](const ApiCall &call) { downloadArtifacts(call); });
}

// The token in the header, or in the body as older runners send it.
JobRecord ApiRunner::jobOfToken(const ApiCall &call) const
{
    const auto job = m_context.store.job(call.pathId("job", "Job"));
    std::string token(call.request().header("job-token"));
    if (token.empty())
        token = call.text("token");
    if (!job || !sameSecret(token, job->token))
        throw ApiFailure::message(403, "403 Forbidden");
    return *job;
}

// Written rarely: it only tells a silent runner from one that works.
void ApiRunner::hear(JobRecord &job)
{
    const Milliseconds now = m_context.progress.now();
    if (LabRunner *runner = m_context.runners.find(job.runner))
        runner->contacted = now;
    if (now - job.heardOf < hearingInterval)
        return;
    job.heardOf = now;
    m_context.store.save(job);
}

void ApiRunner::update(const ApiCall &call)
{
    JobRecord job = jobOfToken(call);
    const std::string state = call.text("state");
    if (isComplete(job.status) || (job.status != "running" && job.status != "canceling"))
        return call.reply(
            jobAnswer(403, job, "{\"message\":\"403 Forbidden  - Job is not running\"}"));
    if (state == "success" || state == "failed") {
        std::optional<int> exitCode;
        if (const auto code = call.parameters().find("exit_code");
            code != call.parameters().end() && code->is_number_integer())
            exitCode = code->get<int>();
        m_context.progress.finish(job, state == "success", call.text("failure_reason"), exitCode,
            m_context.traces.size(job.id));
        return call.reply(jobAnswer(200, job, "200"));
    }
    hear(job);
    call.reply(jobAnswer(200, job, "200"));
}

void ApiRunner::appendTrace(const ApiCall &call)
{
    JobRecord job = jobOfToken(call);
    if (job.status != "running" && job.status != "canceling")
        return call.reply(
            jobAnswer(403, job, "{\"message\":\"403 Forbidden  - Job is not running\"}"));
    const std::string_view range = call.request().header("content-range");
    std::int64_t start = -1;
    if (std::from_chars(range.data(), range.data() + range.size(), start).ec != std::errc()
        || start < 0)
        throw ApiFailure::message(400, "400 Missing header Content-Range");
    const std::int64_t size = m_context.traces.size(job.id);
    const bool fits = start == size;
    if (fits)
        if (auto appended = m_context.traces.append(job.id, call.request().body); !appended)
            throw ApiFailure::message(500, "500 " + appended.error());
    hear(job);
    Response response = jobAnswer(fits ? 202 : 416, job, "0");
    response.contentType = "text/plain";
    response.headers.emplace_back("Range",
        "0-"
            + std::to_string(
                fits ? size + static_cast<std::int64_t>(call.request().body.size()) : size));
    response.headers.emplace_back("X-GitLab-Trace-Update-Interval", "3");
    call.reply(std::move(response));
}

void ApiRunner::uploadArtifacts(const ApiCall &call)
{
    const JobRecord job = jobOfToken(call);
    if (job.status != "running" && job.status != "canceling")
        throw ApiFailure::message(403, "403 Forbidden");
    ArtifactRecord artifact;
    artifact.job = job.id;
    artifact.type = call.text("artifact_type").empty() ? "archive" : call.text("artifact_type");
    artifact.format = call.text("artifact_format").empty() ? "zip" : call.text("artifact_format");
    if (artifact.type != "archive" && artifact.type != "junit")
        throw ApiFailure::message(
            400, "400 Bad request - artifact_type is not supported by the lab");
    std::string_view content;
    for (const BodyPart &part : bodyParts(call.request()))
        if (part.name == "file") {
            artifact.fileName = std::filesystem::path(part.fileName).filename().string();
            content = part.content;
        }
    if (artifact.fileName.empty())
        throw ApiFailure::message(400, "400 Bad request - file is missing");
    if (const auto lifetime = parseDuration(call.text("expire_in")))
        artifact.expires = m_context.progress.now() + *lifetime * 1000;
    artifact.size = static_cast<std::int64_t>(content.size());
    if (auto written = writeFile(m_context.artifactFile(job.id, artifact.type), content); !written)
        throw ApiFailure::message(500, "500 " + written.error());
    m_context.store.saveArtifact(artifact);
    OrderedJson body;
    body["id"] = job.id;
    body["token"] = job.token;
    call.reply(201, body);
}

// Any job of the same pipeline that still runs may read.
void ApiRunner::downloadArtifacts(const ApiCall &call) const
{
    const auto reader = m_context.store.jobByToken(call.request().header("job-token"));
    const auto job = m_context.store.job(call.pathId("job", "Job"));
    if (!reader || isComplete(reader->status) || !job || reader->pipeline != job->pipeline)
        throw ApiFailure::message(403, "403 Forbidden");
    auto content = readFile(m_context.artifactFile(job->id, "archive"));
    if (!content)
        throw ApiFailure::message(404, "404 Not found");
    Response response;
    response.contentType = "application/zip";
    response.body = std::move(*content);
    call.reply(std::move(response));
}

} // namespace faultline::lab
