// SPDX-License-Identifier: GPL-3.0-or-later
// One function per matter; lint() calls them all.
#pragma once

#include "services/cases/lint/lint.h"
#include "services/cases/schema/map_reader.h"

namespace faultline::cases {

/// Names: of the case, ids that stand twice, roles and probes that don't exist.
void lintNames(const CaseFile &caseFile, const Reporter &reporter);
/// Phases: lengths against the timeout, faults they name.
void lintPhases(const CaseFile &caseFile, const Reporter &reporter);
/// Faults: kinds, arguments, ends, and targets that the topology can't give.
void lintFaults(
    const CaseFile &caseFile, const LintSurroundings &surroundings, const Reporter &reporter);
/// Whether faults may hit the workload itself.
void lintProtection(const CaseFile &caseFile, const Reporter &reporter);
/// Checks: kinds, arguments, and that something judges the result.
void lintChecks(const CaseFile &caseFile, const Reporter &reporter);
/// What is kept, and what is excused, must end.
void lintExpiries(
    const CaseFile &caseFile, const LintSurroundings &surroundings, const Reporter &reporter);

/// The server and login of a statement: "role:port/database", and no password in the file itself.
void lintSql(const CaseFile &caseFile, const Reporter &reporter, const yaml::Place &place,
    const std::string &what, const std::string &target, const std::string &password);

/// The role of that name, or null.
[[nodiscard]] const Role *findRole(const CaseFile &caseFile, const std::string &name);

/// Reports that `what` names something that doesn't exist, with the nearest that does.
void tellUnknown(const Reporter &reporter, const yaml::Place &place, const std::string &rule,
    const std::string &what, const std::string &name, const std::vector<std::string_view> &known);

} // namespace faultline::cases
