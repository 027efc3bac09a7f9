// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/runs/record/finding.h"

#include <string_view>

namespace faultline::runs {

/// What a run ends with; the numbers are the exit codes of `faultlinectl run`.
enum class Verdict {
    Pass = 0,
    Fail = 1, ///< an anomaly
    Unknown = 2, ///< a checker gave up, or what it needs is incomplete
    Infrastructure = 3, ///< could not be set up, or the server was lost
    Aborted = 4, ///< by a person or a guard
    Leaked = 5, ///< the undo of a fault could not be verified
};

/// "pass", "fail", "unknown", "infrastructure", "aborted", "leaked": also the keys of `retention`.
[[nodiscard]] std::string_view nameOf(Verdict verdict);
[[nodiscard]] int exitCodeOf(Verdict verdict);

/// How a run came to its end, beside its findings.
struct Ending
{
    bool wasAborted = false;
    bool lostInfrastructure = false;
    int leakedFaults = 0;
};

/// A leaked fault outranks everything, since somebody must act; then what makes the findings
/// meaningless (infrastructure, abort); then anomalies that no known issue excuses; then checkers
/// that gave up.
[[nodiscard]] Verdict judge(const Ending &ending, const Findings &findings);

} // namespace faultline::runs
