// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/cases/lint/rules.h"
#include "services/cases/schema/quantities.h"

#include <algorithm>
#include <set>

namespace faultline::cases {

namespace {

void lintLength(const CaseFile &caseFile, const Reporter &reporter)
{
    milliseconds sum{ 0 };
    for (const Phase &phase : caseFile.phases)
        sum += phase.duration;
    if (caseFile.timeout.count() > 0 && sum >= caseFile.timeout)
        reporter.error(caseFile.timeoutPlace, "phases-exceed-timeout",
            "the phases take " + durationText(sum) + " together, the timeout is "
                + durationText(caseFile.timeout),
            "the timeout covers everything, the start of the cluster too");
}

void lintOrder(const CaseFile &caseFile, const Reporter &reporter)
{
    bool isDisturbed = false;
    const Phase *last = nullptr;
    for (const Phase &phase : caseFile.phases) {
        isDisturbed = (isDisturbed || phase.runsAllFaults || !phase.faults.empty());
        if (phase.healsAll)
            isDisturbed = false;
        last = &phase;
    }
    if (isDisturbed && last != nullptr)
        reporter.warning(last->place, "no-heal-phase",
            "no phase without faults follows the last phase with faults",
            "add a phase with healAll: true, so that recovery is watched");
}

void lintUse(const CaseFile &caseFile, const Reporter &reporter)
{
    std::set<std::string_view> used;
    std::vector<std::string_view> known;
    for (const FaultEntry &fault : caseFile.faults)
        known.push_back(fault.id);
    bool usesAll = caseFile.phases.empty();
    for (const Phase &phase : caseFile.phases) {
        usesAll = usesAll || phase.runsAllFaults;
        for (const std::string &id : phase.faults) {
            used.insert(id);
            if (std::find(known.begin(), known.end(), id) == known.end())
                tellUnknown(reporter, phase.place, "unknown-fault",
                    "the phase \"" + phase.name + '"', id, known);
        }
    }
    for (const FaultEntry &fault : caseFile.faults) {
        if (!usesAll && !used.contains(fault.id))
            reporter.warning(fault.place, "unused-fault",
                "no phase runs the fault \"" + fault.id + '"',
                "name it in a phase, or write faults: all");
    }
}

} // namespace

void lintPhases(const CaseFile &caseFile, const Reporter &reporter)
{
    if (!caseFile.workload.isPresent && caseFile.phases.empty())
        reporter.error(caseFile.place, "nothing-to-run", "the case has no workload and no phases");
    for (const Phase &phase : caseFile.phases) {
        if (phase.duration.count() <= 0)
            reporter.error(phase.place, "phase-without-duration",
                "the phase \"" + phase.name + "\" needs a duration");
    }
    lintLength(caseFile, reporter);
    lintOrder(caseFile, reporter);
    lintUse(caseFile, reporter);
}

} // namespace faultline::cases
