// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/runs/checks.h"

#include "services/cases/schema/known_kinds.h"
#include "services/cases/schema/quantities.h"

#include <re2/re2.h>

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <fstream>

namespace faultline::runs {

namespace {

constexpr std::size_t longestQuote = 300;
constexpr int endedBySigterm = 128 + SIGTERM; // as a shell reports it

std::string number(double value)
{
    char text[32];
    std::snprintf(text, sizeof text, "%.3f", value);
    return text;
}

milliseconds durationOf(const cases::Check &check, const std::string &name)
{
    return cases::parseDuration(argumentOf(check, name)).value_or(milliseconds(0));
}

std::optional<Finding> checkAvailability(
    const cases::Check &check, const ProbeSeries &series, const std::string &probe)
{
    const auto longest = series.longestOutage();
    if (!argumentOf(check, "maxOutage").empty() && longest > durationOf(check, "maxOutage"))
        return findingOf(check, Finding::Kind::Anomaly,
            "The probe " + probe + " had no answer for " + cases::durationText(longest)
                + "; at most " + argumentOf(check, "maxOutage") + " is allowed.");
    std::string wanted = argumentOf(check, "atLeast");
    if (wanted.ends_with('%'))
        wanted.pop_back();
    const auto least = cases::parseNumber(wanted);
    const auto all = static_cast<double>(series.okCount() + series.failedCount());
    const double reached = 100.0 * static_cast<double>(series.okCount()) / all;
    if (!wanted.empty() && !least)
        return findingOf(check, Finding::Kind::GaveUp, "with.atLeast is not a percentage.");
    if (least && reached < *least)
        return findingOf(check, Finding::Kind::Anomaly,
            "The probe " + probe + " was answered in " + number(reached) + " % of "
                + std::to_string(static_cast<long long>(all)) + " attempts; at least " + wanted
                + " % is wanted.");
    return std::nullopt;
}

std::optional<Finding> checkLatency(
    const cases::Check &check, const ProbeSeries &series, const std::string &probe)
{
    if (series.okCount() == 0)
        return findingOf(check, Finding::Kind::GaveUp,
            "The probe " + probe + " was never answered: there is no latency to judge.");
    const double quantile = cases::parseNumber(argumentOf(check, "quantile")).value_or(1);
    const double measured = series.latencies().quantile(quantile);
    const auto below = durationOf(check, "below");
    if (measured < static_cast<double>(below.count()))
        return std::nullopt;
    return findingOf(check, Finding::Kind::Anomaly,
        "The quantile " + argumentOf(check, "quantile") + " of the probe " + probe + " is "
            + number(measured) + " ms; it must be below " + argumentOf(check, "below") + '.');
}

/// Each outage that overlaps a fault, or begins soon after it, must end within the limit after the
/// fault is out.
std::optional<Finding> checkRecovery(const cases::Check &check, const ProbeSeries &series,
    const std::string &probe, const Measured &measured)
{
    const auto within = durationOf(check, "within");
    for (std::size_t i = 0; i < measured.faults.size(); ++i) {
        const FaultSpan &fault = measured.faults[i];
        for (const Outage &outage : series.outages()) {
            const auto begin = measured.probesStart + outage.begin;
            const bool belongsHere = begin <= fault.end + within
                && (!outage.end || measured.probesStart + *outage.end > fault.begin);
            const bool belongsToNext
                = i + 1 < measured.faults.size() && begin >= measured.faults[i + 1].begin;
            if (!belongsHere || belongsToNext)
                continue;
            if (!outage.end)
                return findingOf(check, Finding::Kind::Anomaly,
                    "The probe " + probe + " was not answered again after the fault " + fault.id
                        + '.');
            const auto took = measured.probesStart + *outage.end - fault.end;
            if (took > within)
                return findingOf(check, Finding::Kind::Anomaly,
                    "The probe " + probe + " was answered again "
                        + cases::durationText(std::chrono::duration_cast<milliseconds>(took))
                        + " after the fault " + fault.id + " was out; at most "
                        + argumentOf(check, "within") + " is allowed.");
        }
    }
    return std::nullopt;
}

} // namespace

std::vector<cases::Check> effectiveChecks(const cases::CaseFile &caseFile)
{
    std::vector<cases::Check> out;
    const auto isNamed = [&](std::string_view kind) {
        return std::any_of(caseFile.checks.begin(), caseFile.checks.end(),
            [&](const cases::Check &check) { return check.kind == kind || check.id == kind; });
    };
    for (const cases::CheckKind &kind : cases::checkKinds()) {
        const bool hasSubject = kind.name != "exitCode" || caseFile.workload.isPresent;
        if (!kind.isDefault || isNamed(kind.name) || !hasSubject)
            continue;
        cases::Check check;
        check.kind = kind.name;
        out.push_back(std::move(check));
    }
    for (const cases::Check &check : caseFile.checks) {
        if (!check.isSkipped)
            out.push_back(check);
    }
    return out;
}

std::map<std::string, std::string> servicesByRole(const cases::CaseFile &caseFile)
{
    std::map<std::string, std::string> out;
    for (const cases::Role &role : caseFile.topology.roles)
        out[role.name] = role.service;
    return out;
}

std::string idOf(const cases::Check &check)
{
    return check.id.empty() ? check.kind : check.id;
}

Finding findingOf(const cases::Check &check, Finding::Kind kind, const std::string &message)
{
    Finding out;
    out.kind = kind;
    out.check = idOf(check);
    out.anomaly = check.anomaly;
    out.message = message;
    if (!out.anomaly.empty())
        return out;
    if (check.kind == "containers.noneUnexpectedlyDead")
        out.anomaly = "crash";
    else if (check.kind == "probe.availability")
        out.anomaly = "availability";
    else if (check.kind == "probe.latency")
        out.anomaly = "performance";
    else if (check.kind == "recovery")
        out.anomaly = "recovery";
    return out;
}

std::string argumentOf(
    const cases::Check &check, const std::string &name, const std::string &otherwise)
{
    const auto found = check.arguments.find(name);
    return found == check.arguments.end() || !found->second.isScalar() ? otherwise
                                                                       : found->second.scalar;
}

std::vector<std::string> argumentsOf(const cases::Check &check, const std::string &name)
{
    std::vector<std::string> out;
    const auto found = check.arguments.find(name);
    if (found == check.arguments.end())
        return out;
    if (found->second.isScalar())
        out.push_back(found->second.scalar);
    for (const yaml::Value &item : found->second.items)
        out.push_back(item.scalar);
    return out;
}

std::optional<Finding> checkExitCode(
    const cases::Check &check, const ProcessEnd &end, bool wasStopped, bool wasKilled)
{
    const auto expected = cases::parseInteger(argumentOf(check, "expect", "0")).value_or(0);
    const bool endedAsTold
        = end.signal == SIGTERM || (end.signal == 0 && end.exitCode == endedBySigterm);
    if (wasStopped && wasKilled)
        return findingOf(check, Finding::Kind::Anomaly,
            "The workload did not end when it was told to, and was killed.");
    if (wasStopped && endedAsTold)
        return std::nullopt;
    if (end.signal != 0)
        return findingOf(check, Finding::Kind::Anomaly,
            "The workload was ended by the signal " + std::to_string(end.signal) + '.');
    if (end.exitCode == expected)
        return std::nullopt;
    if (end.exitCode == gaveUpExitCode)
        return findingOf(check, Finding::Kind::GaveUp,
            "The workload gave up (exit code " + std::to_string(gaveUpExitCode)
                + "): it could not decide.");
    return findingOf(check, Finding::Kind::Anomaly,
        "The workload ended with the exit code " + std::to_string(end.exitCode) + ", not "
            + std::to_string(expected) + '.');
}

std::optional<Finding> checkProbe(const cases::Check &check, const Measured &measured)
{
    const std::string probe = argumentOf(check, "probe");
    const auto found = measured.series.find(probe);
    if (found == measured.series.end()
        || found->second.okCount() + found->second.failedCount() == 0)
        return findingOf(check, Finding::Kind::GaveUp, "The probe " + probe + " measured nothing.");
    if (check.kind == "probe.availability")
        return checkAvailability(check, found->second, probe);
    if (check.kind == "probe.latency")
        return checkLatency(check, found->second, probe);
    return checkRecovery(check, found->second, probe, measured);
}

std::optional<Finding> checkLogs(const cases::Check &check, const Measured &measured,
    const std::map<std::string, std::string> &serviceOf)
{
    const re2::RE2 pattern(argumentOf(check, "pattern"), re2::RE2::Quiet);
    const bool mustBeThere = argumentOf(check, "expect", "absent") == "present";
    std::vector<std::string> services;
    for (const std::string &role : argumentsOf(check, "roles")) {
        const auto found = serviceOf.find(role);
        services.push_back(found == serviceOf.end() ? role : found->second);
    }
    bool isComplete = true;
    int searched = 0;
    for (const Measured::Log &log : measured.logs) {
        if (!services.empty()
            && std::find(services.begin(), services.end(), log.service) == services.end())
            continue;
        isComplete = isComplete && log.isComplete;
        ++searched;
        std::ifstream file(log.path);
        std::string line;
        while (std::getline(file, line)) {
            if (!re2::RE2::PartialMatch(line, pattern))
                continue;
            if (mustBeThere)
                return std::nullopt;
            return findingOf(check, Finding::Kind::Anomaly,
                "The log of " + log.container + " holds: " + line.substr(0, longestQuote));
        }
    }
    if (!isComplete || searched == 0)
        return findingOf(check, Finding::Kind::GaveUp,
            searched == 0 ? "There is no log to search."
                          : "Not all logs could be read to their end.");
    if (mustBeThere)
        return findingOf(check, Finding::Kind::Anomaly,
            "No log holds what matches " + argumentOf(check, "pattern") + '.');
    return std::nullopt;
}

} // namespace faultline::runs
