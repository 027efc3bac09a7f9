// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/runs/fault_engine.h"
#include "services/runs/probe/probe_series.h"
#include "services/runs/process_group.h"
#include "services/runs/record/finding.h"

namespace faultline::runs {

/// The checks that a case is judged by: its own, and the defaults that it neither replaces nor
/// skips.
[[nodiscard]] std::vector<cases::Check> effectiveChecks(const cases::CaseFile &caseFile);

/// The exit code by which a workload or a checker says "I could not decide" (EX_TEMPFAIL).
inline constexpr int gaveUpExitCode = 75;

/// How a workload's end is judged.
[[nodiscard]] std::optional<Finding> checkExitCode(
    const cases::Check &check, const ProcessEnd &end, bool wasStopped, bool wasKilled);

/// What the run measured and fetched, for its final checks.
struct Measured
{
    std::map<std::string, ProbeSeries> series; ///< by probe
    std::chrono::steady_clock::time_point probesStart;
    std::vector<FaultSpan> faults;
    struct Log
    {
        std::string service;
        std::string container;
        std::string path;
        bool isComplete = true;
    };
    std::vector<Log> logs;
};

/// log.pattern. `serviceOf` are the services of the roles, for `with.roles`.
[[nodiscard]] std::optional<Finding> checkLogs(const cases::Check &check, const Measured &measured,
    const std::map<std::string, std::string> &serviceOf);

/// The service of each role.
[[nodiscard]] std::map<std::string, std::string> servicesByRole(const cases::CaseFile &caseFile);

/// The id of a check in messages: its own, or its kind.
[[nodiscard]] std::string idOf(const cases::Check &check);
[[nodiscard]] Finding findingOf(
    const cases::Check &check, Finding::Kind kind, const std::string &message);
/// A text of `with`, or `otherwise`.
[[nodiscard]] std::string argumentOf(
    const cases::Check &check, const std::string &name, const std::string &otherwise = {});
/// A text or a list of texts of `with`.
[[nodiscard]] std::vector<std::string> argumentsOf(
    const cases::Check &check, const std::string &name);

} // namespace faultline::runs
