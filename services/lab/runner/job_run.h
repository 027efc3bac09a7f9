// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <filesystem>
#include <string>
#include <vector>

#include "services/lab/runner/job_client.h"
#include "services/lab/runner/job_description.h"
#include "services/lab/runner/job_log.h"
#include "services/lab/runner/job_process.h"
#include "services/lab/runner/process_ledger.h"
#include "services/lab/runner/stop_signal.h"

namespace faultline::lab {

/// Where and how a slot runs its jobs.
struct RunnerSettings
{
    std::string url; ///< the lab's origin
    std::string description; ///< "faultline-lab slot 1"
    std::string token;
    std::string systemId;
    std::filesystem::path buildsDirectory; ///< of this slot alone
    std::string pathPrefix;
    std::size_t outputLimit = 4096 * 1024;
    std::chrono::milliseconds terminationGrace{ 10'000 }; ///< from SIGTERM to SIGKILL
};

/// One job from its first log line to its last call. Blocks the slot's thread.
class JobRun
{
public:
    JobRun(const RunnerSettings &settings, const JobDescription &job, JobClient &client,
        ProcessLedger &ledger, const StopSignal &stop);

    /// Returns early, with the processes ended and nothing reported, when the stop signal is
    /// raised.
    void run();

private:
    using Clock = std::chrono::steady_clock;
    enum class End { finished, canceled, timedOut, aborted };
    struct Stage
    {
        std::string name;
        std::string header;
        std::string script;
        std::vector<std::string> environment;
        Clock::time_point deadline;
        std::string directory;
        JobLog::Stream output = JobLog::Stream::scriptOutput;
        JobLog::Stream error = JobLog::Stream::scriptError;
    };
    struct StageResult
    {
        End end = End::finished;
        int exitCode = 0;
    };

    [[nodiscard]] bool prepare();
    [[nodiscard]] JobOutcome runSteps();
    void runAfterScript(const JobOutcome &outcome);
    void downloadDependencies();
    void uploadArtifacts(const JobOutcome &outcome);
    void uploadOne(const JobDescription::Artifact &artifact);
    void end(const JobOutcome &outcome);

    [[nodiscard]] StageResult runStage(const Stage &stage);
    [[nodiscard]] StageResult follow(JobProcess &process, const Stage &stage);
    void readOutput(JobProcess &process, const Stage &stage);
    void exchangeWithServer();
    [[nodiscard]] JobOutcome outcomeOf(const StageResult &result) const;
    [[nodiscard]] std::vector<std::string> environment() const;
    [[nodiscard]] std::vector<std::string> gitEnvironment() const;
    [[nodiscard]] Stage sourcesStage() const;

    const RunnerSettings &m_settings;
    const JobDescription &m_job;
    JobClient &m_client;
    ProcessLedger &m_ledger;
    const StopSignal &m_stop;
    JobLog m_log;
    std::filesystem::path m_projectDirectory;
    std::filesystem::path m_scriptDirectory;
    Clock::time_point m_deadline;
    Clock::time_point m_lastExchange;
    Clock::time_point m_lastOutput;
    JobOrder m_order = JobOrder::goOn;
    bool m_afterCancel
        = false; ///< the order to cancel was followed; what runs now is what comes after
};

} // namespace faultline::lab
