// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/runs/record/event_lines.h"
#include "services/runs/record/plain_file.h"
#include "services/runs/record/reports.h"
#include "services/runs/record/run_record.h"

#include <cerrno>
#include <cstring>
#include <map>

#include <fcntl.h>
#include <unistd.h>

namespace faultline::runs {

namespace {

/// Cuts a torn line off and adds whole ones.
std::optional<std::string> append(
    const std::string &path, const EventLines &known, const std::string &text)
{
    const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0644);
    if (file < 0)
        return path + ": " + std::strerror(errno);
    std::optional<std::string> problem;
    if (ftruncate(file, static_cast<off_t>(known.wholeBytes)) != 0 || lseek(file, 0, SEEK_END) < 0)
        problem = std::strerror(errno);
    if (!problem)
        problem = writeAll(file, text);
    if (::close(file) != 0 && !problem)
        problem = std::strerror(errno);
    return problem ? std::optional(path + ": " + *problem) : std::nullopt;
}

bool isOver(const std::string &state)
{
    return state == "out" || state == "moot" || state == "leaked" || state == "skipped";
}

/// One line for each fault that was in when the runner ended.
std::string mootRows(const EventLines &ledger, const Moment &now, const std::string &run)
{
    std::map<std::int64_t, Json> last;
    for (const Json &row : ledger.rows)
        last[numberAt(row, "number")] = row;
    std::string out;
    for (auto &[number, row] : last) {
        if (isOver(textAt(row, "state")))
            continue;
        for (const char *key : { "t", "mono", "type", "run" })
            row.erase(key);
        row["state"] = "moot";
        out += eventJson(now, "fault", run, row) + '\n';
    }
    return out;
}

} // namespace

std::optional<std::string> closeBundle(
    const std::string &bundle, const std::string &why, bool isStackGone)
{
    const std::string eventFile = bundle + "/events.jsonl";
    const std::string ledgerFile = bundle + "/faults.jsonl";
    const EventLines events = readEventLines(eventFile);
    if (events.rows.empty())
        return std::nullopt; // somebody took the bundle away
    for (const Json &event : events.rows) {
        if (textAt(event, "type") == "run.end")
            return std::nullopt;
    }
    RunSummary summary = summaryOf(events.rows);
    summary.verdict = Verdict::Infrastructure;
    summary.trouble = why;
    const Moment now = Moment::now();
    const EventLines ledger = readEventLines(ledgerFile);
    const std::string moot = isStackGone ? mootRows(ledger, now, summary.run) : std::string();
    if (!moot.empty()) {
        if (const auto problem = append(ledgerFile, ledger, moot))
            return problem;
    }
    const std::string text = moot
        + eventJson(now, "infrastructure", summary.run,
            { { "message", why }, { "cutBytes", events.tornBytes } })
        + '\n'
        + eventJson(now, "run.end", summary.run,
            { { "verdict", nameOf(summary.verdict) }, { "exitCode", exitCodeOf(summary.verdict) },
                { "findings", summary.findings.size() }, { "seconds", summary.seconds },
                { "closedBy", "reaper" } })
        + '\n';
    if (const auto problem = replaceFile(bundle + "/findings.json",
            findingsJson(summary).dump(2, ' ', false, Json::error_handler_t::replace) + '\n'))
        return problem;
    if (const auto problem = replaceFile(bundle + "/junit.xml", junitXml(summary)))
        return problem;
    return append(eventFile, events, text); // last: with it the bundle counts as closed
}

} // namespace faultline::runs
