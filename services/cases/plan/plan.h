// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/cases/schema/case_file.h"

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace faultline::cases {

/// One fault that will be injected.
struct PlannedFault
{
    std::string id; ///< of the case's fault
    std::string kind;
    std::string phase;
    milliseconds at{ 0 }; ///< from the start of the first phase
    milliseconds duration{ 0 }; ///< 0 = an instant; never beyond the end of its phase
    std::string role;
    std::string pick;
    std::vector<int> members; ///< numbers of the role's containers, from 1, sorted; empty while
                              ///< only the run can know (leader, names, scale unknown)
    std::vector<std::string> names; ///< for pick: names
};

/// One fault that the schedule asked for and the policy does not allow.
struct LeftOut
{
    std::string id;
    std::string phase;
    milliseconds at{ 0 }; ///< when it would have started
    std::string reason;
};

struct PlannedPhase
{
    std::string name;
    milliseconds begin{ 0 };
    milliseconds duration{ 0 };
    bool runsWorkload = true;
    bool healsAll = false;
};

/// All that a run of a case decides beforehand. A function of the case (with its parameters) and
/// the seed alone: the same seed gives the same plan, byte for byte.
struct Plan
{
    std::string caseName;
    std::uint64_t seed = 0;
    std::map<std::string, std::string> values; ///< of the parameters
    std::vector<Role> roles;
    std::vector<PlannedPhase> phases;
    std::vector<PlannedFault> faults; ///< by time
    std::vector<LeftOut> leftOut;
    milliseconds duration{ 0 }; ///< of all phases
};

/// `scales` are the containers of each role as far as known (the case's own number wins). Faults
/// that the policy keeps apart (sequential, maxConcurrent, quietPeriod, conflictsWith) are put off
/// to the next moment that is free, and left out when their phase ends before it.
[[nodiscard]] Plan makePlan(
    const CaseFile &caseFile, std::uint64_t seed, const std::map<std::string, int> &scales = {});

/// The plan as `plan.json` holds it.
[[nodiscard]] std::string planJson(const Plan &plan);

} // namespace faultline::cases
