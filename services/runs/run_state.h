// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/net/across_threads.h"
#include "services/runs/fault_engine.h"
#include "services/runs/live_stack.h"
#include "services/runs/record/verdict.h"
#include "services/runs/run_request.h"

namespace faultline::runs {

/// What the steps of one run share. Lives on its flow thread.
struct RunState
{
    using Clock = std::chrono::steady_clock;

    const RunRequest &request;
    stacks::StackBackend &backend;
    EventLog &events;
    LiveStack &stack;
    FaultEngine &faults;
    net::CancelToken abort; ///< a person or a guard wants it to end, in order
    net::CancelToken hurry; ///< the same again: only what must be done
    Clock::time_point deadline; ///< of everything but the cleanup
    Ending ending = {};
    Findings findings = {};
    bool askedForStack = false; ///< there may be one
    bool isStackGone = false; ///< as the server says
    QString trouble = {}; ///< why the infrastructure failed
    std::optional<Clock::time_point> phasesStart = {};
    Clock::time_point nextBeat = {}; ///< of the run's record
    bool recordProblemTold = false;

    /// Adds a finding, marks it when a known issue excuses it, and tells it.
    void add(Finding finding);
    /// Writes a file of the bundle; the run fails when that can't be done.
    void keep(const QString &name, const std::string &bytes);
    /// The run can't go on; only the first reason counts.
    void fail(const QString &why);
    [[nodiscard]] bool isDone() const { return ending.lostInfrastructure || ending.wasAborted; }
    /// Looks at what can end a run at any moment: an abort, a server that is lost, a full disk.
    /// False when it has to end.
    [[nodiscard]] bool mayGoOn();
    /// Says in the run's record that the runner lives, every few seconds.
    void beat();
};

/// A server that is not heard of for so long is lost.
inline constexpr std::chrono::seconds longestSilence{ 15 };

} // namespace faultline::runs
