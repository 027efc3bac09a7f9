// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/runs/checks.h"
#include "services/runs/run_state.h"

namespace faultline::runs {

/// Fetches the log of every container from its start into `logs/` and what the orchestrator tells
/// about it into `nodes/<name>/inspect.json`, all within `limit`. What could not be had is told,
/// and marked incomplete.
[[nodiscard]] std::vector<Measured::Log> collectEvidence(
    RunState &state, std::chrono::milliseconds limit);

/// A container as `inspect.json` holds it.
[[nodiscard]] Json containerJson(const domain::Container &container, const QString &hostName);

} // namespace faultline::runs
