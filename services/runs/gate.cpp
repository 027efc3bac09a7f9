// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/runs/gate.h"

#include "services/runs/record/event_lines.h"

#include <algorithm>
#include <fstream>
#include <iterator>

namespace faultline::runs {

namespace {

Json readJson(const std::string &path)
{
    std::ifstream file(path, std::ios::binary);
    const std::string text((std::istreambuf_iterator<char>(file)), {});
    Json out = Json::parse(text, nullptr, /*exceptions*/ false);
    return out.is_object() ? out : Json::object();
}

struct FoundRun
{
    RunSummary summary;
    std::string folder;
};

/// The run of a bundle by its events, which are the truth; nothing when they do not hold its
/// beginning, or are another pipeline's.
std::optional<FoundRun> runIn(const std::string &folder, const std::string &pipeline)
{
    const EventLines events = readEventLines(folder + "/events.jsonl");
    FoundRun out{ summaryOf(events.rows), folder };
    if (out.summary.caseName.empty())
        return std::nullopt;
    if (!pipeline.empty() && textAt(readJson(folder + "/ci.json"), "pipeline") != pipeline)
        return std::nullopt;
    return out;
}

std::string messageOf(const RunSummary &summary)
{
    const auto anomaly
        = std::find_if(summary.findings.begin(), summary.findings.end(), countsAsAnomaly);
    if (anomaly != summary.findings.end())
        return anomaly->message;
    return summary.trouble;
}

std::optional<Verdict> verdictOfJob(const std::string &status)
{
    if (status == "success")
        return Verdict::Pass;
    if (status == "failed")
        return Verdict::Fail;
    if (status == "canceled")
        return Verdict::Aborted;
    return std::nullopt; // skipped, manual, or not over
}

/// How bad a verdict is; the worst one is the gate's.
int rankOf(const std::optional<Verdict> &verdict)
{
    if (!verdict)
        return 1;
    switch (*verdict) {
    case Verdict::Pass:
        return 0;
    case Verdict::Unknown:
        return 2;
    case Verdict::Aborted:
        return 3;
    case Verdict::Infrastructure:
        return 4;
    case Verdict::Fail:
        return 5;
    case Verdict::Leaked:
        break;
    }
    return 6;
}

/// Text of a case or a server in a table of Markdown.
std::string cell(const std::string &text)
{
    std::string out;
    for (const char letter : text.substr(0, 300)) {
        if (letter == '\n' || letter == '\r')
            out += ' ';
        else if (std::string_view("|\\`<>[]*_").find(letter) != std::string_view::npos)
            out += std::string("\\") + letter;
        else
            out += letter;
    }
    return out;
}

} // namespace

GateReport judgeGate(const GateInput &input)
{
    std::vector<FoundRun> runs;
    for (const std::string &bundle : input.bundles) {
        if (auto run = runIn(bundle, input.pipeline))
            runs.push_back(std::move(*run));
    }
    GateReport out;
    out.suite = input.suite;
    for (const std::string &name : input.cases) {
        GateRow row;
        row.caseName = name;
        const FoundRun *newest = nullptr;
        for (const FoundRun &run : runs) {
            const bool isNewer
                = newest == nullptr || run.summary.startedMicros > newest->summary.startedMicros;
            if (run.summary.caseName == name && isNewer)
                newest = &run;
        }
        if (newest != nullptr) {
            row.verdict = newest->summary.verdict;
            row.run = newest->summary.run;
            row.source = newest->folder;
            row.message = messageOf(newest->summary);
        } else if (const auto job = input.jobs.find(name); job != input.jobs.end()) {
            row.verdict = verdictOfJob(job->second);
            row.source = "job " + name;
            row.message = "the job is " + job->second;
        }
        out.rows.push_back(std::move(row));
    }
    const auto worst = std::max_element(out.rows.begin(), out.rows.end(),
        [](const GateRow &a, const GateRow &b) { return rankOf(a.verdict) < rankOf(b.verdict); });
    const bool isEmpty = worst == out.rows.end();
    out.isOpen = !isEmpty && worst->verdict == Verdict::Pass;
    out.exitCode
        = isEmpty || !worst->verdict ? exitCodeOf(Verdict::Unknown) : exitCodeOf(*worst->verdict);
    return out;
}

std::string gateMarkdown(const GateReport &report)
{
    std::string out = "Suite `" + report.suite + "`: the gate is "
        + (report.isOpen ? "open" : "closed")
        + ".\n\n| case | verdict | run | |\n|---|---|---|---|\n";
    for (const GateRow &row : report.rows)
        out += "| " + cell(row.caseName) + " | "
            + (row.verdict ? std::string(nameOf(*row.verdict)) : std::string("missing")) + " | "
            + cell(row.run) + " | " + cell(row.message) + " |\n";
    return out;
}

} // namespace faultline::runs
