// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/cases/schema/case_file.h"

#include <cstdint>
#include <string>
#include <vector>

namespace faultline::runs {

/// One thing that a run found out about the system under test, or about itself.
struct Finding
{
    enum class Kind {
        Anomaly, ///< makes the run fail
        GaveUp, ///< the check could not decide: makes it unknown
        Remark, ///< worth reading, changes no verdict (a fault that did not bite)
    };
    Kind kind = Kind::Anomaly;
    std::string check; ///< id of the check, or what else noticed it ("fault kill-leader")
    std::string anomaly; ///< consistency, crash, availability, …; may be empty
    std::string message; ///< one sentence
    std::string knownIssue; ///< the issue that excuses it; empty = none does
    std::int64_t atMs = 0; ///< since the start of the first phase; negative before
};

using Findings = std::vector<Finding>;

[[nodiscard]] std::string_view nameOf(Finding::Kind kind);

/// An anomaly that nothing excuses.
[[nodiscard]] bool countsAsAnomaly(const Finding &finding);

/// Marks the finding when one of the case's known issues matches its message and has not expired on
/// `today` (ISO date).
void excuse(
    Finding &finding, const std::vector<cases::KnownIssue> &issues, const std::string &today);

} // namespace faultline::runs
