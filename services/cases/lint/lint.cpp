// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/cases/lint/lint.h"

#include "services/cases/lint/rules.h"

#include <algorithm>
#include <tuple>

namespace faultline::cases {

Diagnostics lint(const CaseFile &caseFile, const LintSurroundings &surroundings)
{
    Diagnostics out;
    const Reporter reporter(caseFile.file, out);
    lintNames(caseFile, reporter);
    lintPhases(caseFile, reporter);
    lintFaults(caseFile, surroundings, reporter);
    lintProtection(caseFile, reporter);
    lintChecks(caseFile, reporter);
    lintExpiries(caseFile, surroundings, reporter);
    std::stable_sort(out.begin(), out.end(), [](const Diagnostic &a, const Diagnostic &b) {
        return std::tie(a.place.line, a.place.column) < std::tie(b.place.line, b.place.column);
    });
    return out;
}

} // namespace faultline::cases
