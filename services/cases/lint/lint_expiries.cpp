// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/cases/lint/rules.h"

#include <re2/re2.h>

namespace faultline::cases {

namespace {

bool isDate(const std::string &text)
{
    static const re2::RE2 form(R"(\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01]))");
    return re2::RE2::FullMatch(text, form);
}

void lintKnownIssue(
    const KnownIssue &issue, const LintSurroundings &surroundings, const Reporter &reporter)
{
    const re2::RE2 expression(issue.match, re2::RE2::Quiet);
    if (!expression.ok())
        reporter.error(
            issue.place, "bad-pattern", "match is not a regular expression: " + expression.error());
    if (issue.until.empty())
        reporter.error(issue.place, "known-issue-without-expiry",
            "a known issue needs the key \"until\"", "a date, so that nothing is excused for ever");
    else if (!isDate(issue.until))
        reporter.error(issue.place, "wrong-type", "until must be a date: \"" + issue.until + '"',
            "for example 2027-01-31");
    else if (!surroundings.today.empty() && issue.until < surroundings.today)
        reporter.warning(issue.place, "known-issue-expired",
            "the known issue ended on " + issue.until + ": it excuses nothing any more");
}

} // namespace

void lintExpiries(
    const CaseFile &caseFile, const LintSurroundings &surroundings, const Reporter &reporter)
{
    for (const KnownIssue &issue : caseFile.metadata.knownIssues)
        lintKnownIssue(issue, surroundings, reporter);
    for (const auto &[outcome, retention] : caseFile.retention) {
        if (!retention.keep)
            continue;
        if (retention.ttl.count() <= 0)
            reporter.error(retention.place, "keep-without-ttl",
                "retention." + outcome + " keeps the stack without a ttl", "write ttl: 24h");
        if (caseFile.metadata.ownerTeam.empty())
            reporter.error(retention.place, "keep-without-owner",
                "retention." + outcome + " keeps the stack, but the case has no owner");
        if (retention.warnBefore >= retention.ttl && retention.ttl.count() > 0)
            reporter.warning(retention.place, "warning-too-early",
                "retention." + outcome + ".warnBefore is not shorter than the ttl");
        if (retention.extendMax.count() > 0 && retention.extendMax < retention.ttl)
            reporter.error(retention.place, "extend-below-ttl",
                "retention." + outcome + ".extendMax is below the ttl");
    }
}

} // namespace faultline::cases
