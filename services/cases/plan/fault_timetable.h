// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/cases/plan/plan.h"

namespace faultline::cases {

/// One start that a fault's schedule asks for.
struct WantedFault
{
    const FaultEntry *fault = nullptr;
    const PlannedPhase *phase = nullptr;
    milliseconds at{ 0 }; ///< from the start of the first phase
    int number = 0; ///< of this fault in this phase, from 0
};

/// The starts that one fault's schedule asks for in one phase, by time. Never more than 100,000.
[[nodiscard]] std::vector<WantedFault> wantedStarts(
    const FaultEntry &fault, const PlannedPhase &phase, std::uint64_t seed);

/// Applies the policy to what is wanted: fills `plan.faults` (without targets) and `plan.leftOut`.
void arrange(std::vector<WantedFault> wanted, const FaultPolicy &policy, Plan &plan);

} // namespace faultline::cases
