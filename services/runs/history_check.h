// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/cases/schema/case_file.h"
#include "services/runs/record/finding.h"

#include <optional>
#include <string>

namespace faultline::runs {

/// history.linearizable: judges the history file that a workload wrote. What can't be read, is cut
/// off, or is not judged within `with.timeLimit` (60 s without one) is no pass: the check gives up.
[[nodiscard]] std::optional<Finding> checkHistory(
    const cases::Check &check, const std::string &path);

} // namespace faultline::runs
