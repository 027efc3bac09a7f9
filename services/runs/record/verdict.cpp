// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/runs/record/verdict.h"

#include <algorithm>

namespace faultline::runs {

std::string_view nameOf(Verdict verdict)
{
    switch (verdict) {
    case Verdict::Pass:
        return "pass";
    case Verdict::Fail:
        return "fail";
    case Verdict::Unknown:
        return "unknown";
    case Verdict::Infrastructure:
        return "infrastructure";
    case Verdict::Aborted:
        return "aborted";
    case Verdict::Leaked:
        break;
    }
    return "leaked";
}

int exitCodeOf(Verdict verdict)
{
    return static_cast<int>(verdict);
}

Verdict judge(const Ending &ending, const Findings &findings)
{
    if (ending.leakedFaults > 0)
        return Verdict::Leaked;
    if (ending.lostInfrastructure)
        return Verdict::Infrastructure;
    if (ending.wasAborted)
        return Verdict::Aborted;
    if (std::any_of(findings.begin(), findings.end(), countsAsAnomaly))
        return Verdict::Fail;
    const bool gaveUp = std::any_of(findings.begin(), findings.end(),
        [](const Finding &finding) { return finding.kind == Finding::Kind::GaveUp; });
    return gaveUp ? Verdict::Unknown : Verdict::Pass;
}

} // namespace faultline::runs
