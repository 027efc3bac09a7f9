// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/lab/runner/job_client.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdio>
#include <fstream>
#include <iterator>

#include <nlohmann/json.hpp>
#include <zlib.h>

namespace faultline::lab {

namespace {

using nlohmann::json;

constexpr std::size_t largestPatch = 1024 * 1024;

HttpClient::Headers jsonHeaders()
{
    return { { "Content-Type", "application/json" }, { "Accept", "application/json" },
        { "User-Agent", "faultline-lab-runner" } };
}

JobOrder orderOf(const HttpReply &reply)
{
    const std::string_view status = reply.header("job-status");
    if (reply.status == 403 || reply.status == 404 || status == "canceled" || status == "failed")
        return JobOrder::abort;
    return status == "canceling" ? JobOrder::cancelGracefully : JobOrder::goOn;
}

std::string jobPath(std::int64_t job)
{
    return "/api/v4/jobs/" + std::to_string(job);
}

tl::unexpected<std::string> refused(const char *what, const HttpReply &reply)
{
    return tl::unexpected(std::string(what) + " was answered with " + std::to_string(reply.status));
}

std::string encoded(std::string_view text)
{
    std::string out;
    for (const char c : text) {
        if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-'
            || c == '_' || c == '.') {
            out += c;
            continue;
        }
        std::array<char, 4> escape{};
        std::snprintf(escape.data(), escape.size(), "%%%02X",
            static_cast<unsigned>(static_cast<unsigned char>(c)));
        out += escape.data();
    }
    return out;
}

} // namespace

JobClient::JobClient(HttpClient &http, std::string runnerToken, std::string systemId)
    : m_http(http)
    , m_runnerToken(std::move(runnerToken))
    , m_systemId(std::move(systemId))
{
}

tl::expected<std::optional<JobDescription>, std::string> JobClient::request()
{
    const json body = { { "token", m_runnerToken }, { "system_id", m_systemId },
        { "last_update", m_lastUpdate },
        { "info",
            { { "name", "faultline-lab" }, { "version", "1.0" }, { "revision", "" },
                { "platform", "linux" }, { "architecture", "amd64" }, { "executor", "shell" },
                { "shell", "bash" },
                { "features",
                    { { "variables", true }, { "artifacts", true },
                        { "upload_multiple_artifacts", true }, { "cancelable", true },
                        { "cancel_gracefully", true }, { "return_exit_code", true },
                        { "raw_variables", true }, { "masking", true },
                        { "trace_checksum", true } } } } } };
    auto reply = m_http.send("POST", "/api/v4/jobs/request", jsonHeaders(), body.dump());
    if (!reply)
        return tl::unexpected(reply.error());
    if (const auto update = reply->header("x-gitlab-last-update"); !update.empty())
        m_lastUpdate = update;
    if (reply->status == 204)
        return std::nullopt;
    if (reply->status != 201)
        return refused("the request for a job", *reply);
    auto job = JobDescription::fromJson(reply->body);
    if (!job)
        return tl::unexpected(job.error());
    return std::optional(std::move(*job));
}

JobOrder JobClient::reportRunning(const JobDescription &job)
{
    HttpClient::Headers headers = jsonHeaders();
    headers.emplace_back("JOB-TOKEN", job.token);
    const json body = { { "token", job.token }, { "state", "running" } };
    const auto reply = m_http.send("PUT", jobPath(job.id), headers, body.dump());
    return reply ? orderOf(*reply) : JobOrder::goOn;
}

tl::expected<void, std::string> JobClient::reportOutcome(
    const JobDescription &job, const JobOutcome &outcome, std::string_view log)
{
    HttpClient::Headers headers = jsonHeaders();
    headers.emplace_back("JOB-TOKEN", job.token);
    std::array<char, 32> checksum{};
    const auto crc = crc32_z(0, reinterpret_cast<const Bytef *>(log.data()), log.size());
    std::snprintf(checksum.data(), checksum.size(), "crc32:%08lx", static_cast<unsigned long>(crc));
    json body = { { "token", job.token }, { "state", outcome.success ? "success" : "failed" },
        { "checksum", checksum.data() },
        { "output", { { "checksum", checksum.data() }, { "bytesize", log.size() } } } };
    if (!outcome.success)
        body["failure_reason"] = outcome.failureReason;
    if (outcome.exitCode)
        body["exit_code"] = *outcome.exitCode;
    const auto reply = m_http.send("PUT", jobPath(job.id), headers, body.dump());
    if (!reply)
        return tl::unexpected(reply.error());
    // 403 and 404: the job was ended by someone else; there is nobody to tell.
    if (reply->status == 200 || reply->status == 403 || reply->status == 404)
        return {};
    return refused("the end of the job", *reply);
}

tl::expected<JobOrder, std::string> JobClient::sendLog(
    const JobDescription &job, std::string_view log)
{
    JobOrder order = JobOrder::goOn;
    for (int tries = 0; m_sent < log.size() && tries < 1000; ++tries) {
        const std::string_view piece = log.substr(m_sent, largestPatch);
        HttpClient::Headers headers
            = { { "Content-Type", "text/plain" }, { "JOB-TOKEN", job.token },
                  { "Content-Range",
                      std::to_string(m_sent) + "-" + std::to_string(m_sent + piece.size() - 1) } };
        const auto reply
            = m_http.send("PATCH", jobPath(job.id) + "/trace?debug_trace=false", headers, piece);
        if (!reply)
            return tl::unexpected(reply.error());
        order = orderOf(*reply);
        if (order == JobOrder::abort)
            return order;
        if (reply->status == 202) {
            m_sent += piece.size();
            continue;
        }
        if (reply->status != 416)
            return refused("a part of the log", *reply);
        const std::string_view range = reply->header("range");
        const std::size_t dash = range.find('-');
        std::size_t size = 0;
        if (dash == std::string_view::npos
            || std::from_chars(range.data() + dash + 1, range.data() + range.size(), size).ec
                != std::errc()
            || size > log.size())
            return refused("a part of the log", *reply);
        m_sent = size;
    }
    return order;
}

tl::expected<void, std::string> JobClient::upload(const JobDescription &job,
    const JobDescription::Artifact &artifact, const std::filesystem::path &file,
    const std::string &fileName)
{
    std::ifstream in(file, std::ios::binary);
    if (!in)
        return tl::unexpected("can't read " + fileName);
    const std::string boundary = "faultline-lab-artifact-5ba1d1f4";
    std::string body = "--" + boundary
        + "\r\nContent-Disposition: form-data; name=\"file\"; filename=\"" + fileName
        + "\"\r\nContent-Type: application/octet-stream\r\n\r\n";
    body.append(std::istreambuf_iterator<char>(in), {});
    body += "\r\n--" + boundary + "--\r\n";
    const std::string path = jobPath(job.id) + "/artifacts?artifact_type=" + encoded(artifact.type)
        + "&artifact_format=" + encoded(artifact.format)
        + "&expire_in=" + encoded(artifact.expireIn);
    const auto reply = m_http.send("POST", path,
        { { "Content-Type", "multipart/form-data; boundary=" + boundary },
            { "JOB-TOKEN", job.token } },
        body);
    if (!reply)
        return tl::unexpected(reply.error());
    if (reply->status != 201)
        return refused("the upload", *reply);
    return {};
}

tl::expected<std::string, std::string> JobClient::downloadArtifacts(
    const JobDescription::Dependency &dependency)
{
    auto reply = m_http.send(
        "GET", jobPath(dependency.id) + "/artifacts", { { "JOB-TOKEN", dependency.token } }, {});
    if (!reply)
        return tl::unexpected(reply.error());
    if (reply->status != 200)
        return refused("the download", *reply);
    return std::move(reply->body);
}

} // namespace faultline::lab
