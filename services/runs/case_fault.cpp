// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/runs/case_fault.h"

namespace faultline::runs {

const char *nameOf(FaultState state)
{
    switch (state) {
    case FaultState::Planned:
        return "planned";
    case FaultState::Injecting:
        return "injecting";
    case FaultState::InForce:
        return "inForce";
    case FaultState::Recovering:
        return "recovering";
    case FaultState::Out:
        return "out";
    case FaultState::Moot:
        return "moot";
    case FaultState::Leaked:
        return "leaked";
    case FaultState::Skipped:
        break;
    }
    return "skipped";
}

bool isOver(FaultState state)
{
    return state == FaultState::Out || state == FaultState::Moot || state == FaultState::Leaked
        || state == FaultState::Skipped;
}

} // namespace faultline::runs
