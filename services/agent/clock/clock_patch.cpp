// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/agent/clock/clock_patch.h"

#include <cmath>

namespace faultline::agent {

std::int64_t shiftAt(const ClockPatchHead &head, std::int64_t monotonic)
{
    if (monotonic >= head.lastDeadline())
        return 0;
    const std::int64_t elapsed = monotonic - head.start;
    // Not the same arithmetic as in the patch on purpose: this is what it is compared with.
    const double grown
        = static_cast<double>(elapsed) * static_cast<double>(head.shift.ratio) / 4294967296.0;
    const bool on = head.shift.period <= 0 || (elapsed / head.shift.period) % 2 == 0;
    return std::llround(grown) + (on ? head.shift.offset : 0);
}

} // namespace faultline::agent
