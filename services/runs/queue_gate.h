// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/runs/run_state.h"

namespace faultline::runs {

/// Waits until the cluster has what the case needs; the log says for what and how long. False when
/// the run has to end: aborted, or no room within the case's `maxWait` (without one, within its
/// timeout).
[[nodiscard]] bool awaitRoom(RunState &state);

} // namespace faultline::runs
