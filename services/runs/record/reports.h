// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/runs/record/event_log.h"
#include "services/runs/record/verdict.h"

namespace faultline::runs {

/// What the reports of a run say.
struct RunSummary
{
    std::string caseName;
    std::string run;
    std::string stack;
    std::uint64_t seed = 0;
    Verdict verdict = Verdict::Pass;
    std::string trouble; ///< why the infrastructure failed
    double seconds = 0; ///< from start to verdict
    std::int64_t startedMicros = 0;
    bool keptStack = false;
    std::vector<std::string> checks; ///< ids of those that judged
    Findings findings;
};

/// `findings.json`: {case, run, stack, seed, verdict, trouble, seconds, findings: […]}.
[[nodiscard]] Json findingsJson(const RunSummary &summary);

/// `junit.xml`: one test case per check, and one for the run itself. An anomaly is a failure; what
/// could not be decided, an abort, and trouble of the infrastructure are errors: none of them
/// passes.
[[nodiscard]] std::string junitXml(const RunSummary &summary);

} // namespace faultline::runs
