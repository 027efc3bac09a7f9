// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/runs/run_state.h"

namespace faultline::runs {

/// `topology.prepare`, one step after the other, on the flow thread. False when the run has to end,
/// after telling why.
[[nodiscard]] bool prepareStack(RunState &state);

} // namespace faultline::runs
