// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/runs/checks.h"
#include "services/runs/live_checks.h"
#include "services/runs/run_state.h"

namespace faultline::runs {

/// Makes the checks that are made at the end of a run, tells each, and adds what they find. On the
/// flow thread, while the stack is still there.
void makeFinalChecks(RunState &state, const Measured &measured, const LiveChecks &live);

} // namespace faultline::runs
