// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/ctl/context.h"
#include "services/scenes/scene.h"

namespace faultline::ctl {

/// Tells the webhooks that a scene names that it expires, and notes that they were told: when one
/// of them can't be reached, nothing is noted and the next reaper tries again. On the flow thread.
[[nodiscard]] domain::Result<void> warnOwner(
    Context &context, const scenes::Scene &scene, const stacks::StackSnapshot &snapshot);

} // namespace faultline::ctl
