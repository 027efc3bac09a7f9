// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/cases/lint/rules.h"
#include "services/cases/schema/known_kinds.h"
#include "services/cases/schema/quantities.h"

#include <algorithm>

namespace faultline::cases {

namespace {

std::vector<std::string_view> kindNames()
{
    std::vector<std::string_view> names;
    for (const FaultKind &kind : faultKinds())
        names.push_back(kind.name);
    return names;
}

/// How many containers the role will have; 0 when it is not known here.
int scaleOf(const Role &role, const LintSurroundings &surroundings)
{
    if (role.scale > 0)
        return role.scale;
    const auto found = surroundings.scales.find(role.service);
    return found == surroundings.scales.end() ? 0 : found->second;
}

/// Containers a role must have at least for a pick to make sense.
int leastFor(const Target &target)
{
    if (target.pick == "minority")
        return 3; // of two, one is a half
    if (target.pick == "majority")
        return 2;
    if (target.pick == "minorityThird")
        return 3;
    if (target.pick == "n")
        return std::max(1, target.count);
    if (target.pick == "names")
        return static_cast<int>(target.names.size());
    return 1;
}

void lintTarget(const CaseFile &caseFile, const LintSurroundings &surroundings,
    const FaultEntry &fault, const Reporter &reporter)
{
    const Target &target = fault.target;
    if (target.role.empty()) {
        reporter.error(fault.place, "fault-without-target",
            "the fault \"" + fault.id + "\" names no role", "no target never means everything");
        return;
    }
    if ((target.pick == "n" || target.pick == "percent") && target.count <= 0)
        reporter.error(fault.place, "target-unsatisfiable",
            "pick: " + target.pick + " needs the key \"count\"");
    if (target.pick == "percent" && target.count > 100)
        reporter.error(
            fault.place, "target-unsatisfiable", "a target can't be more than 100 percent");
    if (target.pick == "names" && target.names.empty())
        reporter.error(fault.place, "target-unsatisfiable", "pick: names needs the key \"names\"");
    if (target.pick == "leader" && target.leaderCommand.empty())
        reporter.error(fault.place, "target-unsatisfiable",
            "pick: leader needs the key \"leaderCommand\"",
            "a command that prints the leader's container, service number or address");
    const Role *role = findRole(caseFile, target.role);
    const int scale = role == nullptr ? 0 : scaleOf(*role, surroundings);
    if (scale > 0 && scale < leastFor(target))
        reporter.error(fault.place, "target-unsatisfiable",
            "the fault \"" + fault.id + "\" picks " + target.pick + " of " + std::to_string(scale)
                + ' ' + target.role,
            "that needs at least " + std::to_string(leastFor(target)));
}

void lintArguments(const FaultEntry &fault, const FaultKind &kind, const Reporter &reporter)
{
    std::vector<std::string_view> known;
    for (const FaultArgument &argument : kind.arguments) {
        known.push_back(argument.name);
        if (argument.isRequired && !fault.arguments.contains(std::string(argument.name)))
            reporter.error(fault.place,
                argument.name == "undo" ? "fault-without-undo" : "missing-argument",
                fault.kind + " needs args." + std::string(argument.name),
                "it must be " + complaintOf(argument, {}));
    }
    for (const auto &[name, value] : fault.arguments) {
        const FaultArgument *argument = kind.argument(name);
        if (argument == nullptr)
            tellUnknown(reporter, fault.place, "unknown-argument", "the arguments of " + fault.kind,
                name, known);
        else if (const std::string wanted = complaintOf(*argument, value); !wanted.empty())
            reporter.error(fault.place, "wrong-argument",
                "args." + name + " of " + fault.kind + " is \"" + value + '"',
                "it must be " + wanted);
    }
    const auto from = fault.arguments.find("from");
    const auto shape = fault.arguments.find("shape");
    const bool isWhole = shape == fault.arguments.end() || shape->second == "one";
    if (kind.hasPeers && from != fault.arguments.end() && from->second == fault.target.role
        && fault.target.pick == "all" && isWhole)
        reporter.error(fault.place, "self-partition",
            "the fault \"" + fault.id + "\" cuts all of " + fault.target.role + " off from itself",
            "pick one, minority or names, name a shape, or take another role in args.from");
}

/// How long one injection lasts must be bounded by the file, whatever becomes of the runner.
void lintEnd(const FaultEntry &fault, const FaultKind &kind, const Reporter &reporter)
{
    const Schedule &schedule = fault.schedule;
    const auto signal = fault.arguments.find("signal");
    const bool isStop = fault.kind == "process.signal" && signal != fault.arguments.end()
        && (signal->second == "STOP" || signal->second == "SIGSTOP");
    const bool lasts = kind.lasts || isStop;
    if (lasts && schedule.duration.count() <= 0)
        reporter.error(fault.place, "fault-without-end",
            "the fault \"" + fault.id + "\" lasts, but its schedule has no \"for\"",
            "write schedule: {for: 30s}");
    if (lasts && fault.lease.count() <= 0)
        reporter.error(fault.place, "fault-without-end",
            "the fault \"" + fault.id + "\" needs a lease above zero");
    if (!lasts && schedule.duration.count() > 0)
        reporter.warning(fault.place, "instant-with-duration",
            fault.kind + " is over at once; its \"for\" has no effect");
    const int ways = (schedule.every.count() > 0 ? 1 : 0) + (schedule.poisson.count() > 0 ? 1 : 0)
        + (schedule.at.empty() ? 0 : 1);
    if (ways > 1)
        reporter.error(fault.place, "ambiguous-schedule",
            "the schedule of \"" + fault.id + "\" has more than one of every, poisson and at");
    if (schedule.every.count() > 0 && schedule.jitter >= schedule.every)
        reporter.error(fault.place, "jitter-too-large",
            "the jitter of \"" + fault.id + "\" must be below its \"every\" of "
                + durationText(schedule.every));
    if (schedule.every.count() > 0 && schedule.duration > schedule.every)
        reporter.warning(fault.place, "fault-overlaps-itself",
            "the fault \"" + fault.id + "\" lasts longer than the gap to its next start");
}

} // namespace

void lintFaults(
    const CaseFile &caseFile, const LintSurroundings &surroundings, const Reporter &reporter)
{
    std::vector<std::string_view> ids;
    for (const FaultEntry &fault : caseFile.faults)
        ids.push_back(fault.id);
    for (const FaultEntry &fault : caseFile.faults) {
        lintTarget(caseFile, surroundings, fault, reporter);
        for (const std::string &other : fault.conflictsWith) {
            if (std::find(ids.begin(), ids.end(), other) == ids.end())
                tellUnknown(reporter, fault.place, "unknown-fault",
                    "conflictsWith of \"" + fault.id + '"', other, ids);
        }
        const FaultKind *kind = findFaultKind(fault.kind);
        if (kind == nullptr) {
            if (!fault.kind.empty())
                tellUnknown(reporter, fault.place, "unknown-kind",
                    "the kind of the fault \"" + fault.id + '"', fault.kind, kindNames());
            continue;
        }
        lintArguments(fault, *kind, reporter);
        lintEnd(fault, *kind, reporter);
    }
}

void lintProtection(const CaseFile &caseFile, const Reporter &reporter)
{
    const Workload &workload = caseFile.workload;
    if (!workload.isPresent || workload.mayBeFaulted || workload.where == "runner")
        return;
    const auto &kept = caseFile.faultPolicy.protectedRoles;
    if (std::find(kept.begin(), kept.end(), workload.where) != kept.end())
        return;
    for (const FaultEntry &fault : caseFile.faults) {
        if (fault.target.role == workload.where)
            reporter.error(fault.place, "workload-unprotected",
                "the fault \"" + fault.id + "\" may hit the workload, which runs in "
                    + workload.where,
                "add the role to faultPolicy.protect, or say workload.mayBeFaulted: true");
    }
}

} // namespace faultline::cases
