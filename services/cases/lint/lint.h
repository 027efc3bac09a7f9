// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/cases/schema/case_file.h"
#include "services/cases/schema/diagnostics.h"

#include <map>
#include <string>

namespace faultline::cases {

/// What lint knows of the world around a case.
struct LintSurroundings
{
    std::string today; ///< ISO date; empty = expiries are not compared with it
    std::map<std::string, int> scales; ///< of the compose file's services, as far as known
};

/// What a case that could be read gets wrong: contradictions between its parts, names that lead
/// nowhere, and what would run but can't be trusted. Pure. In the order of the file.
[[nodiscard]] Diagnostics lint(const CaseFile &caseFile, const LintSurroundings &surroundings = {});

} // namespace faultline::cases
