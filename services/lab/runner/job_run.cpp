// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/lab/runner/job_run.h"

#include <algorithm>
#include <array>
#include <fstream>

#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include "services/lab/runner/base64.h"
#include "services/lab/runner/job_environment.h"
#include "services/lab/runner/job_script.h"
#include "services/lab/runner/log_colours.h"

namespace faultline::lab {

namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

constexpr auto exchangeInterval = 700ms;
constexpr auto restBeforePartialLine = 1s;
constexpr auto afterScriptTimeout = 5min;
constexpr auto sourcesTimeout = 10min;
constexpr int finalTries = 5;

// As Go writes durations: "1h0m0s", "1m30s", "30s".
std::string durationText(std::int64_t seconds)
{
    std::string text;
    if (seconds >= 3600)
        text += std::to_string(seconds / 3600) + "h";
    if (seconds >= 60)
        text += std::to_string(seconds / 60 % 60) + "m";
    return text + std::to_string(seconds % 60) + "s";
}

std::string hostName()
{
    std::array<char, 256> name{};
    return gethostname(name.data(), name.size() - 1) == 0 ? name.data() : "this machine";
}

} // namespace

JobRun::JobRun(const RunnerSettings &settings, const JobDescription &job, JobClient &client,
    ProcessLedger &ledger, const StopSignal &stop)
    : m_settings(settings)
    , m_job(job)
    , m_client(client)
    , m_ledger(ledger)
    , m_stop(stop)
    , m_log(job.secrets(), settings.outputLimit, [] { return std::chrono::system_clock::now(); })
    , m_projectDirectory(settings.buildsDirectory / job.projectPath)
    , m_scriptDirectory(settings.buildsDirectory / (job.projectPath + ".tmp"))
    , m_deadline(Clock::now() + std::chrono::seconds(job.timeoutSeconds))
    , m_lastExchange(Clock::now())
    , m_lastOutput(Clock::now())
{
}

void JobRun::run()
{
    m_client.beginJob();
    m_log.line("Running with faultline-lab 1.0 (embedded shell runner)");
    m_log.line("  on " + m_settings.description + ", system ID: " + m_settings.systemId);
    m_order = m_client.reportRunning(m_job);
    JobOutcome outcome{ false, "runner_system_failure", std::nullopt };
    if (prepare())
        outcome = runSteps();
    if (m_stop.isRaised())
        return;
    end(outcome);
}

bool JobRun::prepare()
{
    m_log.beginSection("prepare_executor", "Preparing the \"shell\" executor");
    m_log.line("Using Shell (bash) executor...");
    m_log.endSection("prepare_executor");
    m_log.beginSection("prepare_script", "Preparing environment");
    m_log.line("Running on " + hostName() + "...");
    m_log.endSection("prepare_script");
    std::error_code error;
    fs::remove_all(m_scriptDirectory, error);
    fs::create_directories(m_projectDirectory, error);
    if (!error)
        fs::create_directories(m_scriptDirectory, error);
    if (!error)
        fs::permissions(m_scriptDirectory, fs::perms::owner_all, error);
    if (error)
        m_log.line(red("ERROR: can't prepare the build directory: " + error.message()));
    return !error;
}

JobOutcome JobRun::runSteps()
{
    StageResult result = runStage(sourcesStage());
    m_log.endSection("get_sources");
    if (result.end == End::finished && result.exitCode != 0)
        return { false, "runner_system_failure", std::nullopt };
    if (result.end == End::finished) {
        downloadDependencies();
        result = runStage({ "step_script", "Executing \"step_script\" stage of the job script",
            stepScript(m_job.script.script, m_projectDirectory.string()), environment(), m_deadline,
            m_projectDirectory.string() });
        m_log.endSection("step_script");
    }
    const JobOutcome outcome = outcomeOf(result);
    if (result.end == End::aborted)
        return outcome;
    m_afterCancel = true;
    runAfterScript(outcome);
    if (!m_stop.isRaised())
        uploadArtifacts(outcome);
    return outcome;
}

JobRun::Stage JobRun::sourcesStage() const
{
    return { "get_sources", "Getting source from Git repository",
        sourcesScript(m_projectDirectory.string(), m_job.repositoryUrl, m_job.sha, m_job.ref),
        gitEnvironment(), std::min(m_deadline, Clock::now() + sourcesTimeout),
        m_scriptDirectory.string(), JobLog::Stream::runner, JobLog::Stream::runner };
}

void JobRun::runAfterScript(const JobOutcome &outcome)
{
    if (m_job.afterScript.script.empty())
        return;
    std::vector<std::string> variables = environment();
    const bool canceled = m_order == JobOrder::cancelGracefully;
    std::erase_if(
        variables, [](const std::string &entry) { return entry.starts_with("CI_JOB_STATUS="); });
    variables.push_back(std::string("CI_JOB_STATUS=")
        + (canceled               ? "canceled"
                : outcome.success ? "success"
                                  : "failed"));
    const StageResult result = runStage({ "after_script", "Running after_script",
        stepScript(m_job.afterScript.script, m_projectDirectory.string()), std::move(variables),
        Clock::now() + afterScriptTimeout, m_projectDirectory.string() });
    if (result.end == End::timedOut)
        m_log.line(yellow("WARNING: after_script failed, but job will continue unaffected: it took "
                          "longer than 5m0s"));
    else if (result.end == End::finished && result.exitCode != 0)
        m_log.line(
            yellow("WARNING: after_script failed, but job will continue unaffected: exit code "
                + std::to_string(result.exitCode)));
    m_log.endSection("after_script");
}

void JobRun::end(const JobOutcome &outcome)
{
    m_log.beginSection(
        "cleanup_file_variables", "Cleaning up project directory and file based variables");
    std::error_code error;
    fs::remove_all(m_scriptDirectory, error);
    m_log.endSection("cleanup_file_variables");
    if (outcome.success)
        m_log.line(green("Job succeeded"));
    else if (m_order != JobOrder::goOn)
        m_log.line(red("ERROR: Job failed: canceled"));
    else if (outcome.failureReason == "job_execution_timeout")
        m_log.line(red("ERROR: Job failed: execution took longer than "
            + durationText(m_job.timeoutSeconds) + " seconds"));
    else if (outcome.exitCode)
        m_log.line(red("ERROR: Job failed: exit code " + std::to_string(*outcome.exitCode)));
    else
        m_log.line(red("ERROR: Job failed (system failure): the job could not be prepared"));
    m_log.finish();
    // What can't be told stays with the server, which ends jobs whose runner is silent.
    for (int tries = 0; tries < finalTries && !m_stop.isRaised(); ++tries) {
        const auto sent = m_client.sendLog(m_job, m_log.text());
        if (sent
            && (*sent == JobOrder::abort || m_client.reportOutcome(m_job, outcome, m_log.text())))
            return;
        if (!m_stop.waitFor(-1, 0, 1000) && m_stop.isRaised())
            return;
    }
}

JobRun::StageResult JobRun::runStage(const Stage &stage)
{
    m_log.beginSection(stage.name, stage.header);
    const fs::path script = m_scriptDirectory / ("script-" + stage.name);
    {
        std::ofstream out(script, std::ios::binary | std::ios::trunc);
        out << stage.script;
    }
    fs::permissions(script, fs::perms::owner_read | fs::perms::owner_write);
    auto process = JobProcess::start(
        { { "/bin/bash", script.string() }, stage.environment, stage.directory });
    if (!process) {
        m_log.line(red("ERROR: " + process.error()));
        return { End::finished, 127 };
    }
    if (auto recorded = m_ledger.record(m_job.id, process->group()); !recorded)
        m_log.line(yellow("WARNING: the job's process is not on record: " + recorded.error()));
    const StageResult result = follow(*process, stage);
    if (auto forgotten = m_ledger.forget(m_job.id); !forgotten)
        m_log.line(yellow("WARNING: the job's process stays on record: " + forgotten.error()));
    m_log.finish();
    return result;
}

JobRun::StageResult JobRun::follow(JobProcess &process, const Stage &stage)
{
    End end = End::finished;
    Clock::time_point killAt = Clock::time_point::max();
    const auto endWith = [&](End why) {
        end = why;
        killAt = Clock::now() + m_settings.terminationGrace;
        process.terminate();
    };
    for (bool running = true; running;) {
        std::array<pollfd, 4> entries
            = { { { m_stop.descriptor(), POLLIN, 0 }, { process.ended(), POLLIN, 0 },
                { process.output(), POLLIN, 0 }, { process.errorOutput(), POLLIN, 0 } } };
        poll(entries.data(), entries.size(), 200);
        readOutput(process, stage);
        running = entries[1].revents == 0;
        if (entries[0].revents != 0) {
            process.kill();
            (void)process.exitCode();
            return { End::aborted, 0 };
        }
        exchangeWithServer();
        if (m_order == JobOrder::abort && end != End::aborted) {
            end = End::aborted;
            process.kill();
        } else if (end == End::finished && m_order == JobOrder::cancelGracefully
            && !m_afterCancel) {
            endWith(End::canceled);
        } else if (end == End::finished && Clock::now() > stage.deadline) {
            endWith(End::timedOut);
        }
        if (Clock::now() > killAt) {
            killAt = Clock::time_point::max();
            process.kill();
        }
    }
    const int exitCode = process.exitCode();
    readOutput(process, stage);
    return { end, exitCode };
}

void JobRun::readOutput(JobProcess &process, const Stage &stage)
{
    std::array<char, 65536> buffer{};
    for (const bool ofError : { false, true }) {
        // Bounded, so that a program that only prints can't keep us from hearing an order to
        // cancel.
        for (int rounds = 0; rounds < 64; ++rounds) {
            const int descriptor = ofError ? process.errorOutput() : process.output();
            const ssize_t got
                = descriptor < 0 ? -1 : read(descriptor, buffer.data(), buffer.size());
            if (got == 0)
                process.closeOutput(descriptor);
            if (got <= 0)
                break;
            m_lastOutput = Clock::now();
            m_log.write(ofError ? stage.error : stage.output,
                std::string_view(buffer.data(), static_cast<std::size_t>(got)));
        }
    }
}

void JobRun::exchangeWithServer()
{
    const Clock::time_point now = Clock::now();
    if (now - m_lastExchange < exchangeInterval || m_order == JobOrder::abort)
        return;
    m_lastExchange = now;
    if (now - m_lastOutput > restBeforePartialLine)
        m_log.flushPartialLines();
    if (m_client.hasAll(m_log.text())) {
        m_order = std::max(m_order, m_client.reportRunning(m_job));
        return;
    }
    // A part that did not arrive is sent again with the next one.
    if (const auto order = m_client.sendLog(m_job, m_log.text()); order)
        m_order = std::max(m_order, *order);
}

JobOutcome JobRun::outcomeOf(const StageResult &result) const
{
    switch (result.end) {
    case End::finished:
        if (result.exitCode == 0)
            return { true, {}, 0 };
        return { false, "script_failure", result.exitCode };
    case End::timedOut:
        return { false, "job_execution_timeout", std::nullopt };
    case End::canceled:
        return { false, "job_canceled", result.exitCode };
    case End::aborted:
        break;
    }
    return { false, "runner_system_failure", std::nullopt };
}

std::vector<std::string> JobRun::environment() const
{
    return jobEnvironment(m_job, m_settings.pathPrefix, m_projectDirectory, m_scriptDirectory);
}

// The job token goes to git through its configuration in the environment: never in arguments or in
// .git/config.
std::vector<std::string> JobRun::gitEnvironment() const
{
    std::vector<std::string> variables = environment();
    for (std::string entry :
        { std::string("GIT_CONFIG_NOSYSTEM=1"), std::string("GIT_CONFIG_GLOBAL=/dev/null"),
            std::string("GIT_CONFIG_COUNT=2"), std::string("GIT_CONFIG_KEY_0=http.extraHeader"),
            "GIT_CONFIG_VALUE_0=Authorization: Basic " + base64("gitlab-ci-token:" + m_job.token),
            std::string("GIT_CONFIG_KEY_1=safe.directory"), std::string("GIT_CONFIG_VALUE_1=*"),
            std::string("no_proxy=*"), std::string("GIT_LFS_SKIP_SMUDGE=1") })
        variables.push_back(std::move(entry));
    return variables;
}

} // namespace faultline::lab
