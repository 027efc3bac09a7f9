// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <thread>

#include "services/lab/runner/job_run.h"

namespace faultline::lab {

/// A shell runner for one job at a time, on a thread of its own: an ordinary client of the runner
/// protocol.
class RunnerSlot
{
public:
    RunnerSlot(RunnerSettings settings, ProcessLedger &ledger);
    /// As stop().
    ~RunnerSlot();
    RunnerSlot(const RunnerSlot &) = delete;
    RunnerSlot &operator=(const RunnerSlot &) = delete;

    /// Asks the slot to end; stop() then waits for it.
    void requestStop();
    /// Ends the job that runs, with its processes, and joins the thread.
    void stop();

private:
    void serve();

    RunnerSettings m_settings;
    ProcessLedger &m_ledger;
    StopSignal m_stop;
    std::thread m_thread;
};

} // namespace faultline::lab
