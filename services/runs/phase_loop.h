// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/runs/checks.h"
#include "services/runs/live_checks.h"
#include "services/runs/record/acts.h"
#include "services/runs/run_state.h"
#include "services/runs/workload_run.h"

namespace faultline::runs {

/// The part of a run in which the case happens: phases, workload, faults, and what can be noticed
/// while they go on.
class PhaseLoop
{
public:
    PhaseLoop(RunState &state, WorkloadRun &workload, LiveChecks &live);

    /// Until the last phase is over (without phases: until the workload has ended), a finding stops
    /// it, or the run has to end. Then the workload is stopped and every fault undone.
    void run();
    /// Deaths that nobody looked at yet.
    void lookAtDeaths();
    /// Checks that did not hold at some moment.
    void lookAtChecks();

private:
    using Clock = RunState::Clock;

    bool tick();
    void enterPhase(std::size_t index);
    void leavePhase();
    void lookAtWorkload();
    void noticed(Finding finding);
    void lookAtHosts();
    [[nodiscard]] bool isWanted(const Death &death);
    [[nodiscard]] bool leavesWorkload() const;
    void stopWorkload();
    [[nodiscard]] std::optional<std::chrono::milliseconds> holdTime() const;
    void heal();
    void timedOut();
    [[nodiscard]] std::chrono::milliseconds sinceStart() const;
    [[nodiscard]] bool isPastLastPhase() const;

    RunState &m_state;
    WorkloadRun &m_workload;
    LiveChecks &m_live;
    std::optional<cases::Check> m_exitCode; // how the workload's end is judged, if it is
    std::optional<cases::Check> m_deaths;
    std::vector<QString> m_watchedServices; // for m_deaths; empty = all
    Acts m_acts; // of the run's own commands
    std::vector<Death> m_unexplained; // of the last minute
    std::optional<std::size_t> m_phase;
    std::optional<QMap<QString, QStringList>> m_endpoints; // as the file has them
    Clock::time_point m_nextProgress;
    bool m_stopsNow = false;
    bool m_stopsAfterPhase = false;
    bool m_isOver = false;
    bool m_isEnding = false; // no phase comes any more
};

} // namespace faultline::runs
