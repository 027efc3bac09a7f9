// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/runs/record/finding.h"

#include <re2/re2.h>

namespace faultline::runs {

std::string_view nameOf(Finding::Kind kind)
{
    switch (kind) {
    case Finding::Kind::Anomaly:
        return "anomaly";
    case Finding::Kind::GaveUp:
        return "gaveUp";
    case Finding::Kind::Remark:
        break;
    }
    return "remark";
}

bool countsAsAnomaly(const Finding &finding)
{
    return finding.kind == Finding::Kind::Anomaly && finding.knownIssue.empty();
}

void excuse(
    Finding &finding, const std::vector<cases::KnownIssue> &issues, const std::string &today)
{
    for (const cases::KnownIssue &issue : issues) {
        if (issue.until >= today && re2::RE2::PartialMatch(finding.message, issue.match)) {
            finding.knownIssue = issue.issue;
            return;
        }
    }
}

} // namespace faultline::runs
