// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/runs/record/plain_file.h"
#include "services/runs/record/reports.h"
#include "services/runs/record/run_record.h"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <ctime>
#include <fstream>
#include <iterator>
#include <map>

#include <fcntl.h>
#include <unistd.h>

namespace faultline::runs {

namespace {

std::string textAt(const Json &json, const char *key)
{
    const auto found = json.find(key);
    return found != json.end() && found->is_string() ? found->get<std::string>() : std::string();
}

std::int64_t numberAt(const Json &json, const char *key)
{
    const auto found = json.find(key);
    return found != json.end() && found->is_number_integer() ? found->get<std::int64_t>() : 0;
}

/// Microseconds of "2026-11-23T15:00:00.123456Z"; 0 for anything else.
std::int64_t microsOf(const std::string &text)
{
    std::tm parts{};
    int micros = 0;
    const int read = std::sscanf(text.c_str(), "%4d-%2d-%2dT%2d:%2d:%2d.%6dZ", &parts.tm_year,
        &parts.tm_mon, &parts.tm_mday, &parts.tm_hour, &parts.tm_min, &parts.tm_sec, &micros);
    if (read != 7)
        return 0;
    parts.tm_year -= 1'900;
    parts.tm_mon -= 1;
    return std::int64_t(timegm(&parts)) * 1'000'000 + micros;
}

/// A file of one JSON object per line, that may end in the middle of one.
struct Lines
{
    std::vector<Json> rows;
    std::size_t wholeBytes = 0; ///< up to the end of the last whole line
    std::size_t tornBytes = 0; ///< after it
};

Lines readLines(const std::string &path)
{
    std::ifstream file(path, std::ios::binary);
    const std::string text((std::istreambuf_iterator<char>(file)), {});
    Lines out;
    for (;;) {
        const std::size_t end = text.find('\n', out.wholeBytes);
        if (end == std::string::npos)
            break;
        Json row = Json::parse(text.begin() + static_cast<std::ptrdiff_t>(out.wholeBytes),
            text.begin() + static_cast<std::ptrdiff_t>(end), nullptr, /*exceptions*/ false);
        if (row.is_object())
            out.rows.push_back(std::move(row));
        out.wholeBytes = end + 1;
    }
    out.tornBytes = text.size() - out.wholeBytes;
    return out;
}

/// Cuts a torn line off and adds whole ones.
std::optional<std::string> append(
    const std::string &path, const Lines &known, const std::string &text)
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

Finding findingOf(const Json &event)
{
    Finding out;
    const std::string kind = textAt(event, "kind");
    out.kind = kind == nameOf(Finding::Kind::Anomaly) ? Finding::Kind::Anomaly
        : kind == nameOf(Finding::Kind::GaveUp)       ? Finding::Kind::GaveUp
                                                      : Finding::Kind::Remark;
    out.check = textAt(event, "check");
    out.anomaly = textAt(event, "anomaly");
    out.message = textAt(event, "message");
    out.knownIssue = textAt(event, "knownIssue");
    out.atMs = numberAt(event, "atMs");
    return out;
}

RunSummary summaryOf(const std::vector<Json> &events, const std::string &why)
{
    RunSummary out;
    for (const Json &event : events) {
        const std::string type = textAt(event, "type");
        if (type == "run.begin") {
            out.run = textAt(event, "run");
            out.caseName = textAt(event, "case");
            out.stack = textAt(event, "stack");
            out.seed = std::strtoull(textAt(event, "seed").c_str(), nullptr, 10);
            out.startedMicros = microsOf(textAt(event, "t"));
        } else if (type == "finding") {
            out.findings.push_back(findingOf(event));
        }
    }
    if (!events.empty()) // both are of the runner's own boot, so its clock can be subtracted
        out.seconds
            = double(numberAt(events.back(), "mono") - numberAt(events.front(), "mono")) / 1e9;
    out.verdict = Verdict::Infrastructure;
    out.trouble = why;
    return out;
}

bool isOver(const std::string &state)
{
    return state == "out" || state == "moot" || state == "leaked" || state == "skipped";
}

/// One line for each fault that was in when the runner ended.
std::string mootRows(const Lines &ledger, const Moment &now, const std::string &run)
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

std::optional<std::string> closeBundle(const std::string &bundle, const std::string &why)
{
    const std::string eventFile = bundle + "/events.jsonl";
    const std::string ledgerFile = bundle + "/faults.jsonl";
    const Lines events = readLines(eventFile);
    if (events.rows.empty())
        return std::nullopt; // somebody took the bundle away
    for (const Json &event : events.rows) {
        if (textAt(event, "type") == "run.end")
            return std::nullopt;
    }
    const RunSummary summary = summaryOf(events.rows, why);
    const Moment now = Moment::now();
    const Lines ledger = readLines(ledgerFile);
    const std::string moot = mootRows(ledger, now, summary.run);
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
