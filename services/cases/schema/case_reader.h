// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/cases/schema/case_file.h"
#include "services/cases/schema/diagnostics.h"
#include "services/cases/schema/parameters.h"

#include <string>
#include <vector>

namespace faultline::cases {

/// What a text holds: the cases of its documents, as far as they could be read, and everything that
/// is wrong.
struct ReadCases
{
    std::vector<CaseFile> cases;
    Diagnostics diagnostics;
};

/// Reads a case.yaml (several documents are several cases). Pure: no file is opened. `file` names
/// it in messages. `chosen` are values for parameters; the others get their defaults.
[[nodiscard]] ReadCases readCases(
    const std::string &text, const std::string &file, const ParameterValues &chosen = {});

} // namespace faultline::cases
