// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/runs/checks.h"
#include "services/runs/run_state.h"

namespace faultline::runs {

/// Fetches the log of every container from its start into `logs/` and what the orchestrator tells
/// about it into `nodes/<name>/inspect.json`, within `limit`; then, within the same again, what the
/// case wants besides (`retention.evidence`). What could not be had is told, and marked incomplete.
[[nodiscard]] std::vector<Measured::Log> collectEvidence(
    RunState &state, std::chrono::milliseconds limit);

/// Secrets that the run was given by its environment; they are masked in the evidence.
[[nodiscard]] std::vector<std::string> secretsOf(const RunRequest &request);

} // namespace faultline::runs
