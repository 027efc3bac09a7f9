// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/agent/kinds.h"

namespace faultline::agent {

/// clock.offset {offset: milliseconds, may be negative}: the target's wall clock is off by a
/// constant.
[[nodiscard]] Outcome<std::unique_ptr<Fault>> makeClockOffset(const Spec &spec);
/// clock.strobe {offset: milliseconds, period: milliseconds}: off for a period, right for a period,
/// and so on.
[[nodiscard]] Outcome<std::unique_ptr<Fault>> makeClockStrobe(const Spec &spec);
/// clock.drift {ppm} or {factor}: runs faster or slower, starting from the true time. Factor 1.01
/// is 10,000 ppm.
[[nodiscard]] Outcome<std::unique_ptr<Fault>> makeClockDrift(const Spec &spec);

[[nodiscard]] Ability clockAbility();

} // namespace faultline::agent
