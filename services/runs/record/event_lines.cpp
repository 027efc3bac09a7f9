// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/runs/record/event_lines.h"

#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <iterator>

namespace faultline::runs {

namespace {

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

Verdict verdictNamed(const std::string &name)
{
    for (const Verdict verdict :
        { Verdict::Pass, Verdict::Fail, Verdict::Unknown, Verdict::Aborted, Verdict::Leaked }) {
        if (name == nameOf(verdict))
            return verdict;
    }
    return Verdict::Infrastructure;
}

void takeBegin(const Json &event, RunSummary &out)
{
    out.run = textAt(event, "run");
    out.caseName = textAt(event, "case");
    out.stack = textAt(event, "stack");
    out.seed = std::strtoull(textAt(event, "seed").c_str(), nullptr, 10);
    const std::string started = textAt(event, "started");
    out.startedMicros = microsOf(started.empty() ? textAt(event, "t") : started);
    const auto checks = event.find("checks");
    if (checks == event.end() || !checks->is_array())
        return;
    for (const Json &check : *checks) {
        if (check.is_string())
            out.checks.push_back(check.get<std::string>());
    }
}

} // namespace

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

EventLines readEventLines(const std::string &path)
{
    std::ifstream file(path, std::ios::binary);
    const std::string text((std::istreambuf_iterator<char>(file)), {});
    EventLines out;
    for (;;) {
        const std::size_t end = text.find('\n', out.wholeBytes);
        if (end == std::string::npos)
            break;
        Json row = Json::parse(text.begin() + static_cast<std::ptrdiff_t>(out.wholeBytes),
            text.begin() + static_cast<std::ptrdiff_t>(end), nullptr, /*exceptions*/ false);
        if (row.is_object())
            out.rows.push_back(std::move(row));
        else
            ++out.badLines;
        out.wholeBytes = end + 1;
    }
    out.tornBytes = text.size() - out.wholeBytes;
    return out;
}

RunSummary summaryOf(const std::vector<Json> &events)
{
    RunSummary out;
    out.verdict = Verdict::Infrastructure;
    bool hasEnd = false;
    for (const Json &event : events) {
        const std::string type = textAt(event, "type");
        if (type == "run.begin") {
            takeBegin(event, out);
        } else if (type == "finding") {
            out.findings.push_back(findingOf(event));
        } else if (type == "infrastructure" && out.trouble.empty()) {
            out.trouble = textAt(event, "message");
        } else if (type == "stack.kept") {
            out.keptStack = true;
        } else if (type == "run.end") {
            hasEnd = true;
            out.verdict = verdictNamed(textAt(event, "verdict"));
            const auto seconds = event.find("seconds");
            if (seconds != event.end() && seconds->is_number())
                out.seconds = seconds->get<double>();
        }
    }
    if (!hasEnd
        && !events.empty()) // both are of the runner's own boot, so its clock can be subtracted
        out.seconds
            = double(numberAt(events.back(), "mono") - numberAt(events.front(), "mono")) / 1e9;
    return out;
}

} // namespace faultline::runs
