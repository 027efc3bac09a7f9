// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/net/across_threads.h"
#include "services/runs/record/reports.h"
#include "services/runs/run_request.h"
#include "services/stacks/stack_backend.h"

namespace faultline::runs {

/// How a run is steered and heard.
struct RunControl
{
    net::CancelToken abort; ///< end in order: nothing new is begun, everything is cleaned up
    net::CancelToken hurry; ///< the same, faster: no evidence; faults are undone still
    std::chrono::steady_clock::time_point deadline; ///< beside the case's own timeout
    EventLog::Live event; ///< each event that people want to see; any thread
    std::function<void(const QString &line)> say; ///< output of commands, remarks
};

/// The life cycle of a declared case: up, ready, prepare, phases with workload, probes and faults,
/// heal, checks, verdict, evidence, keep or remove. Call it on a worker thread while the backend's
/// thread runs its event loop. The cleanup never inherits a cancelled context: it runs on every way
/// out, each step with a bound of its own. Everything is in the request's bundle when it returns.
[[nodiscard]] RunSummary runCase(
    const RunRequest &request, stacks::StackBackend &backend, const RunControl &control);

} // namespace faultline::runs
