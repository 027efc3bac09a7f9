// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/runs/record/finding.h"
#include "services/runs/run_state.h"

#include <functional>

namespace faultline::runs {

/// What the command of an exec.invariant said once.
struct CommandVerdict
{
    bool hasDecided = false; ///< it ended by itself, and not with "gave up"
    std::optional<Finding> finding; ///< why the invariant does not hold, or nobody can tell
};

/// Runs the command of an exec.invariant once, on this machine or inside a role: 0 = holds; 75, or
/// no end by `deadline`, = gave up. Its output goes to `logName` of the bundle's logs, which is
/// replaced. Stops early when `mayGoOn` says no. Thread-safe.
[[nodiscard]] CommandVerdict askCommand(const RunState &state, const cases::Check &check,
    const QString &logName, RunState::Clock::time_point deadline,
    const std::function<bool()> &mayGoOn);

} // namespace faultline::runs
