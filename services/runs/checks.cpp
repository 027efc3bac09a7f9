// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/runs/checks.h"

#include "services/cases/schema/known_kinds.h"
#include "services/cases/schema/quantities.h"

#include <re2/re2.h>

#include <algorithm>
#include <csignal>
#include <fstream>

namespace faultline::runs {

namespace {

constexpr std::size_t longestQuote = 300;
constexpr int endedBySigterm = 128 + SIGTERM; // as a shell reports it

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
