// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/net/across_threads.h"
#include "services/runs/process_group.h"
#include "services/runs/record/event_log.h"
#include "services/runs/run_request.h"

namespace faultline::runs {

/// The workload of a run on this machine: its process, and its output as lines of the job's log.
class WorkloadRun
{
public:
    using Say = std::function<void(const QString &line)>;

    WorkloadRun(
        const RunRequest &request, QMap<QString, QString> environment, EventLog &events, Say say);
    ~WorkloadRun();

    /// Does nothing while it runs, and after it has ended by itself.
    [[nodiscard]] domain::Result<void> start();
    /// Looks for its end and its output; true at the moment when it ended by itself.
    bool tick();
    /// Asks it to end and waits at most `grace` (nothing once `hurry` is cancelled), then kills
    /// what is left of its group.
    void stop(std::chrono::milliseconds grace, const net::CancelToken &hurry);

    [[nodiscard]] bool isRunning() const { return m_process != nullptr; }
    [[nodiscard]] bool wasStarted() const { return m_wasStarted; }
    /// How it ended last; nothing before its first end.
    [[nodiscard]] const std::optional<ProcessEnd> &end() const { return m_end; }
    /// It ended because the run told it to.
    [[nodiscard]] bool wasStopped() const { return m_wasStopped; }
    [[nodiscard]] bool hadToBeKilled() const { return m_wasKilled; }

private:
    void takeOutput(bool isLast);
    void ended(const ProcessEnd &end);

    const RunRequest &m_request;
    const QMap<QString, QString> m_environment;
    EventLog &m_events;
    const Say m_say;
    const QString m_outputFile;
    std::unique_ptr<ProcessGroup> m_process;
    std::optional<ProcessEnd> m_end;
    qint64 m_read = 0;
    QByteArray m_partLine;
    bool m_wasStarted = false;
    bool m_wasStopped = false;
    bool m_wasKilled = false;
};

} // namespace faultline::runs
