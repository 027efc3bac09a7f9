// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/cases/schema/case_file.h"
#include "services/cases/schema/diagnostics.h"

namespace faultline::runs {

/// What the case asks for and this runner can't do, each with its place. A case with any of them is
/// not started: nothing is skipped in silence.
[[nodiscard]] cases::Diagnostics refusals(const cases::CaseFile &caseFile);

} // namespace faultline::runs
