// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/net/across_threads.h"
#include "services/runs/metrics_page.h"
#include "services/runs/run_state.h"
#include "services/runs/running_command.h"
#include "services/runs/workload_signs.h"

#include <utility>

namespace faultline::runs {

/// The workload of a run, on this machine or inside a role: its process, its output as lines of the
/// job's log, and what it tells of itself. Used on the flow thread.
class WorkloadRun
{
public:
    using Say = std::function<void(const QString &line)>;

    WorkloadRun(RunState &state, Say say);
    ~WorkloadRun();

    /// Does nothing while it runs, and after it has ended by itself.
    [[nodiscard]] domain::Result<void> start();
    /// Looks for its end and its output; true at the moment when it ended by itself.
    bool tick();
    /// Asks it to end and waits at most `grace` (nothing once `hurry` is cancelled), then kills
    /// what is left of its group.
    void stop(std::chrono::milliseconds grace, const net::CancelToken &hurry);
    /// Freezes it inside its container, for whoever looks at the scene, and lets go of it. False
    /// when that can't be done; it is as it was then.
    [[nodiscard]] bool freeze();
    /// What its silence means, once per silence.
    [[nodiscard]] std::optional<Finding> takeSilence() { return std::exchange(m_silence, {}); }

    /// What it measured of itself; empty when nothing.
    [[nodiscard]] const std::string &metricsCsv() const { return m_signs.csv(); }

    [[nodiscard]] bool isRunning() const { return m_process != nullptr; }
    [[nodiscard]] bool wasStarted() const { return m_wasStarted; }
    /// How it ended last; nothing before its first end.
    [[nodiscard]] const std::optional<ProcessEnd> &end() const { return m_end; }
    /// It ended because the run told it to.
    [[nodiscard]] bool wasStopped() const { return m_wasStopped; }
    [[nodiscard]] bool hadToBeKilled() const { return m_wasKilled; }

private:
    using Started = domain::Result<std::unique_ptr<RunningCommand>>;
    [[nodiscard]] Started startHere() const;
    [[nodiscard]] Started startInside() const;
    [[nodiscard]] bool isInside() const { return m_request.caseFile.workload.where != "runner"; }
    void takeOutput(bool isLast);
    void ended(const ProcessEnd &end);

    RunState &m_state;
    const RunRequest &m_request;
    EventLog &m_events;
    const Say m_say;
    const QString m_outputFile;
    const QString m_progressFile;
    WorkloadSigns m_signs;
    MetricsPage m_page;
    std::optional<Finding> m_silence;
    std::unique_ptr<RunningCommand> m_process;
    std::optional<ProcessEnd> m_end;
    qint64 m_read = 0;
    QByteArray m_partLine;
    bool m_wasStarted = false;
    bool m_wasStopped = false;
    bool m_wasKilled = false;
};

} // namespace faultline::runs
