// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/runs/refusals.h"

#include "services/cases/schema/map_reader.h"
#include "services/cases/schema/quantities.h"
#include "services/runs/agent_fault.h"
#include "services/runs/announcements.h"

#include <algorithm>
#include <array>
#include <filesystem>

namespace faultline::runs {

namespace {

using cases::CaseFile;
using cases::Reporter;

constexpr const char *rule = "cannot-run";

template <std::size_t N>
bool isOneOf(const std::array<std::string_view, N> &words, std::string_view word)
{
    return std::find(words.begin(), words.end(), word) != words.end();
}

/// A relative path without a way up.
bool isInside(const std::string &path)
{
    const std::filesystem::path clean = std::filesystem::path(path).lexically_normal();
    return clean.is_relative() && !clean.empty() && *clean.begin() != "..";
}

void refuseTopology(const CaseFile &caseFile, const Reporter &reporter)
{
    const cases::Topology &topology = caseFile.topology;
    if (!topology.manifests.empty())
        reporter.error(topology.place, rule, "topology.manifests can't be run here",
            "name compose files in topology.compose");
    if (topology.compose.empty())
        reporter.error(topology.place, rule, "topology.compose is missing: nothing can be started");
}

void refuseWorkload(const cases::Workload &workload, const Reporter &reporter)
{
    if (!workload.isPresent)
        return;
    const bool isInRole = workload.where != "runner";
    if (isInRole && !workload.historyPath.empty())
        reporter.error(workload.place, rule,
            "a workload inside a role can't write a history into the bundle",
            "write where: runner");
    if (isInRole && !workload.progress.empty())
        reporter.error(workload.place, rule,
            "a workload inside a role can't write its progress into the bundle",
            "print lines and use heartbeat");
    if (!workload.progress.empty() && !isInside(workload.progress))
        reporter.error(workload.place, rule, "workload.progress leads out of the bundle",
            "write progress: progress; the workload finds the whole path in FAULTLINE_PROGRESS");
    if (!workload.historyPath.empty() && !isInside(workload.historyPath))
        reporter.error(workload.place, rule, "workload.history.path leads out of the bundle",
            "write path: history.jsonl; the workload finds the whole path in FAULTLINE_HISTORY");
    if (!workload.historyFormat.empty() && workload.historyFormat != "jsonl")
        reporter.error(workload.place, rule,
            "a history of the format " + workload.historyFormat + " can't be read",
            "there is jsonl");
    if (workload.metrics.starts_with("https://"))
        reporter.error(
            workload.place, rule, "workload.metrics: the page can only be fetched by plain http");
}

void refuseFault(const cases::FaultEntry &fault, const Reporter &reporter)
{
    static constexpr std::array<std::string_view, 6> able{ "process.kill", "container.kill",
        "container.stop", "container.restart", "container.pause", "stack.scale" };
    const std::string name = "the fault \"" + fault.id + '"';
    if (!isOneOf(able, fault.kind) && !isOfAgents(fault.kind))
        reporter.error(fault.place, rule,
            name + ": the kind " + fault.kind + " can't be injected yet",
            "\"faultlinectl chaos kinds\" tells which can");
    if (fault.target.pick == "leader" && fault.kind == "stack.scale")
        reporter.error(fault.place, rule, name + ": a leader can't be scaled", "name the role");
    if (fault.inForce || fault.out)
        reporter.error(fault.place, rule,
            name + ": own probes for inForce and out can't be used yet",
            "the container's state is checked on both edges");
    const auto signal
        = isOfAgents(fault.kind) ? fault.arguments.end() : fault.arguments.find("signal");
    if (signal != fault.arguments.end() && signal->second != "KILL" && signal->second != "SIGKILL"
        && signal->second != "9")
        reporter.error(fault.place, rule, name + ": only the signal KILL can be sent");
    if (fault.arguments.contains("process"))
        reporter.error(
            fault.place, rule, name + ": only the container's main process can be killed");
    if (fault.kind != "stack.scale")
        return;
    const auto to = fault.arguments.find("to");
    const auto by = fault.arguments.find("by");
    const bool hasTo = to != fault.arguments.end();
    const bool hasBy = by != fault.arguments.end();
    const auto number = cases::parseInteger(hasTo ? to->second : hasBy ? by->second : "");
    if (hasTo == hasBy || !number || (hasTo && *number < 0) || *number > 1'000 || *number < -1'000)
        reporter.error(fault.place, rule, name + " needs args.to or args.by, a whole number");
}

void refuseChecks(const CaseFile &caseFile, const Reporter &reporter)
{
    static constexpr std::array<std::string_view, 9> able{ "exitCode",
        "containers.noneUnexpectedlyDead", "log.pattern", "probe.availability", "probe.latency",
        "recovery", "exec.invariant", "sql.invariant", "history.linearizable" };
    for (const cases::Check &check : caseFile.checks) {
        if (check.isSkipped)
            continue;
        if (!isOneOf(able, check.kind))
            reporter.error(
                check.place, rule, "checks of the kind " + check.kind + " can't be made yet");
        const bool isLive = check.when == cases::Check::When::During;
        if (isLive && check.kind == "history.linearizable")
            reporter.error(check.place, rule, "a history can only be judged when it is whole",
                "write when: final");
        const auto expect = check.arguments.find("expect");
        if (check.kind == "log.pattern" && expect != check.arguments.end()
            && expect->second.scalar != "absent" && expect->second.scalar != "present")
            reporter.error(
                check.place, rule, "with.expect of a log.pattern must be absent or present");
        if (isLive && check.kind == "log.pattern" && expect != check.arguments.end()
            && expect->second.scalar == "present")
            reporter.error(check.place, rule, "what a log must hold can only be judged at the end",
                "write when: final");
        const auto model = check.arguments.find("model");
        if (check.kind == "history.linearizable" && model != check.arguments.end()
            && model->second.scalar != "register")
            reporter.error(check.place, rule,
                "a history can't be judged by the model " + model->second.scalar,
                "there is register");
    }
}

void refuseRest(const CaseFile &caseFile, const Reporter &reporter)
{
    for (const cases::Notify &notify : caseFile.notify) {
        if (notify.slack.find("://") != std::string::npos)
            reporter.error(caseFile.place, rule,
                "notify.slack holds an address; a webhook's address is a secret",
                "write a name, and put the address into FAULTLINE_SLACK_WEBHOOK");
        for (const std::string &event : notify.events) {
            if (!isKnownNotifyEvent(event))
                reporter.error(caseFile.place, rule,
                    "notify: nobody can be told of \"" + event + '"',
                    "there are end, failure, and the verdicts");
        }
    }
    if (!caseFile.compareWith.empty())
        reporter.error(caseFile.place, rule, "report.compareWith can't be used yet");
    for (const std::string &format : caseFile.reportFormats) {
        if (format != "junit")
            reporter.error(caseFile.place, rule,
                "a report of the format " + format + " can't be made yet", "there is junit");
    }
    for (const auto &[outcome, retention] : caseFile.retention) {
        const std::string name = "retention." + outcome;
        if (retention.holdsFaults && outcome != "fail")
            reporter.error(retention.place, rule,
                name + ".faults: hold is for a failed run, whose scene keeps what was found",
                "write it under retention.fail");
        if (retention.pausesWorkload && caseFile.workload.where == "runner")
            reporter.error(retention.place, rule,
                name + ".workload: pause: a workload on the runner ends with the run",
                "only one inside a role can stay with the scene");
        const bool tellsSomebody = std::any_of(caseFile.notify.begin(), caseFile.notify.end(),
            [](const cases::Notify &entry) { return !entry.slack.empty(); });
        if (retention.warnBefore.count() > 0 && !tellsSomebody)
            reporter.error(retention.place, rule,
                name + ".warnBefore: the case names nobody who could be told",
                "name a webhook: notify: [{slack: alerts}]");
    }
}

} // namespace

cases::Diagnostics refusals(const CaseFile &caseFile)
{
    cases::Diagnostics out;
    const Reporter reporter(caseFile.file, out);
    refuseTopology(caseFile, reporter);
    refuseWorkload(caseFile.workload, reporter);
    for (const cases::FaultEntry &fault : caseFile.faults)
        refuseFault(fault, reporter);
    refuseChecks(caseFile, reporter);
    refuseRest(caseFile, reporter);
    return out;
}

} // namespace faultline::runs
