// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include <tl/expected.hpp>

#include "services/lab/runner/http_client.h"
#include "services/lab/runner/job_description.h"

namespace faultline::lab {

/// How the server wants a job to go on, from its `Job-Status` header.
enum class JobOrder { goOn, cancelGracefully, abort };

struct JobOutcome
{
    bool success = false;
    std::string failureReason; ///< of GitLab: script_failure, job_execution_timeout,
                               ///< runner_system_failure, …
    std::optional<int> exitCode;
};

/// The calls of the runner protocol (facts: gitlab-runner's network client). One thread.
class JobClient
{
public:
    JobClient(HttpClient &http, std::string runnerToken, std::string systemId);

    /// Asks for a job; the server may hold the request. Nothing when there is none.
    [[nodiscard]] tl::expected<std::optional<JobDescription>, std::string> request();

    [[nodiscard]] JobOrder reportRunning(const JobDescription &job);
    [[nodiscard]] tl::expected<void, std::string> reportOutcome(
        const JobDescription &job, const JobOutcome &outcome, std::string_view log);
    /// Sends what the server does not have yet of `log`.
    [[nodiscard]] tl::expected<JobOrder, std::string> sendLog(
        const JobDescription &job, std::string_view log);
    [[nodiscard]] tl::expected<void, std::string> upload(const JobDescription &job,
        const JobDescription::Artifact &artifact, const std::filesystem::path &file,
        const std::string &fileName);
    [[nodiscard]] tl::expected<std::string, std::string> downloadArtifacts(
        const JobDescription::Dependency &dependency);

    /// Forgets how far the log of the job before was sent.
    void beginJob() { m_sent = 0; }
    /// True when all of `log` is with the server.
    [[nodiscard]] bool hasAll(std::string_view log) const { return m_sent == log.size(); }

private:
    HttpClient &m_http;
    std::string m_runnerToken;
    std::string m_systemId;
    std::string m_lastUpdate;
    std::size_t m_sent = 0;
};

} // namespace faultline::lab
