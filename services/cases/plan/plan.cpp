// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/cases/plan/plan.h"

#include "services/cases/plan/fault_timetable.h"
#include "services/cases/plan/target_draw.h"

#include <algorithm>

namespace faultline::cases {

namespace {

bool runsIn(const FaultEntry &fault, const Phase &phase)
{
    return phase.runsAllFaults
        || std::find(phase.faults.begin(), phase.faults.end(), fault.id) != phase.faults.end();
}

int scaleOf(const Plan &plan, const std::string &role, const std::map<std::string, int> &scales)
{
    for (const Role &known : plan.roles) {
        if (known.name == role && known.scale > 0)
            return known.scale;
    }
    const auto found = scales.find(role);
    return found == scales.end() ? 0 : found->second;
}

void drawTargets(const CaseFile &caseFile, const std::map<std::string, int> &scales, Plan &plan)
{
    std::map<std::string, int> numbers; // of each fault so far
    for (PlannedFault &planned : plan.faults) {
        const auto fault = std::find_if(caseFile.faults.begin(), caseFile.faults.end(),
            [&](const FaultEntry &entry) { return entry.id == planned.id; });
        if (fault == caseFile.faults.end())
            continue;
        const int number = numbers[planned.id]++;
        RandomSource random(plan.seed, "target/" + planned.id + '/' + std::to_string(number));
        planned.members = drawMembers(fault->target, scaleOf(plan, planned.role, scales), random);
    }
}

} // namespace

Plan makePlan(
    const CaseFile &caseFile, std::uint64_t seed, const std::map<std::string, int> &scales)
{
    Plan plan;
    plan.caseName = caseFile.metadata.name;
    plan.seed = seed;
    plan.values = caseFile.values;
    plan.roles = caseFile.topology.roles;
    for (const Phase &phase : caseFile.phases) {
        plan.phases.push_back(
            { phase.name, plan.duration, phase.duration, phase.runsWorkload, phase.healsAll });
        plan.duration += phase.duration;
    }
    if (caseFile.faultPolicy.mode == FaultPolicy::Mode::None)
        return plan;
    std::vector<WantedFault> wanted;
    for (std::size_t i = 0; i < caseFile.phases.size(); ++i) {
        for (const FaultEntry &fault : caseFile.faults) {
            if (!runsIn(fault, caseFile.phases[i]))
                continue;
            const auto starts = wantedStarts(fault, plan.phases[i], seed);
            wanted.insert(wanted.end(), starts.begin(), starts.end());
        }
    }
    arrange(std::move(wanted), caseFile.faultPolicy, plan);
    drawTargets(caseFile, scales, plan);
    return plan;
}

} // namespace faultline::cases
