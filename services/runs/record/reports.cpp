// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/runs/record/reports.h"

#include <algorithm>
#include <cstdio>

namespace faultline::runs {

namespace {

/// Text for an XML attribute; what XML can't hold becomes '?'.
std::string escaped(const std::string &text)
{
    std::string out;
    for (const char c : text) {
        switch (c) {
        case '&':
            out += "&amp;";
            break;
        case '<':
            out += "&lt;";
            break;
        case '>':
            out += "&gt;";
            break;
        case '"':
            out += "&quot;";
            break;
        default:
            out += static_cast<unsigned char>(c) < 0x20 ? '?' : c;
        }
    }
    return out;
}

std::string secondsText(double seconds)
{
    char text[32];
    std::snprintf(text, sizeof text, "%.3f", seconds);
    return text;
}

struct Suite
{
    std::string cases;
    int tests = 0;
    int failures = 0;
    int errors = 0;
};

void addCase(Suite &suite, const RunSummary &summary, const std::string &name,
    const std::string &body, double seconds)
{
    ++suite.tests;
    suite.cases += "  <testcase classname=\"" + escaped(summary.caseName) + "\" name=\""
        + escaped(name) + "\" time=\"" + secondsText(seconds) + '"';
    suite.cases += body.empty() ? "/>\n" : ">\n" + body + "  </testcase>\n";
}

std::string mark(const char *element, const std::string &kind, const std::string &message)
{
    return std::string("    <") + element + " type=\"" + escaped(kind) + "\" message=\""
        + escaped(message) + "\"/>\n";
}

void addCheck(Suite &suite, const RunSummary &summary, const std::string &check)
{
    std::string body;
    for (const Finding &finding : summary.findings) {
        if (finding.check != check || !body.empty())
            continue;
        if (countsAsAnomaly(finding)) {
            body = mark("failure", finding.anomaly, finding.message);
            ++suite.failures;
        } else if (finding.kind == Finding::Kind::GaveUp) {
            body = mark("error", "unknown", finding.message);
            ++suite.errors;
        }
    }
    addCase(suite, summary, check, body, 0);
}

} // namespace

Json findingsJson(const RunSummary &summary)
{
    Json out{ { "case", summary.caseName }, { "run", summary.run }, { "stack", summary.stack },
        { "seed", std::to_string(summary.seed) }, { "verdict", nameOf(summary.verdict) },
        { "exitCode", exitCodeOf(summary.verdict) }, { "trouble", summary.trouble },
        { "started", timeText(summary.startedMicros) }, { "seconds", summary.seconds },
        { "keptStack", summary.keptStack }, { "checks", summary.checks },
        { "findings", Json::array() } };
    for (const Finding &finding : summary.findings)
        out["findings"].push_back({ { "kind", nameOf(finding.kind) }, { "check", finding.check },
            { "anomaly", finding.anomaly }, { "message", finding.message },
            { "knownIssue", finding.knownIssue }, { "atMs", finding.atMs } });
    return out;
}

std::string junitXml(const RunSummary &summary)
{
    Suite suite;
    std::string body;
    const bool ranToItsEnd = summary.verdict == Verdict::Pass || summary.verdict == Verdict::Fail
        || summary.verdict == Verdict::Unknown;
    if (!ranToItsEnd) {
        body = mark("error", std::string(nameOf(summary.verdict)),
            summary.trouble.empty() ? "The run was " + std::string(nameOf(summary.verdict)) + '.'
                                    : summary.trouble);
        ++suite.errors;
    }
    addCase(suite, summary, "run", body, summary.seconds);
    std::vector<std::string> names = ranToItsEnd ? summary.checks : std::vector<std::string>();
    for (const Finding &finding : summary.findings) {
        const bool isNamed = std::find(names.begin(), names.end(), finding.check) != names.end();
        if (!isNamed && finding.kind != Finding::Kind::Remark)
            names.push_back(finding.check);
    }
    for (const std::string &name : names)
        addCheck(suite, summary, name);
    return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuite name=\""
        + escaped(summary.caseName) + "\" tests=\"" + std::to_string(suite.tests) + "\" failures=\""
        + std::to_string(suite.failures) + "\" errors=\"" + std::to_string(suite.errors)
        + "\" time=\"" + secondsText(summary.seconds) + "\" timestamp=\""
        + timeText(summary.startedMicros) + "\">\n" + suite.cases + "</testsuite>\n";
}

} // namespace faultline::runs
