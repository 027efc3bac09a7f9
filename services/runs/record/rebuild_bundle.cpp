// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/runs/record/rebuild_bundle.h"

#include "services/runs/record/event_lines.h"
#include "services/runs/record/plain_file.h"
#include "services/runs/record/series_csv.h"

#include <algorithm>
#include <map>

namespace faultline::runs {

namespace {

double fractionAt(const Json &json, const char *key)
{
    const auto found = json.find(key);
    return found != json.end() && found->is_number() ? found->get<double>() : 0.0;
}

/// One CSV for each probe that had a second.
std::map<std::string, std::string> seriesOf(const std::vector<Json> &events)
{
    std::map<std::string, std::string> out;
    for (const Json &event : events) {
        if (textAt(event, "type") != "probe.second")
            continue;
        std::string &csv = out.try_emplace(textAt(event, "probe"), seriesHeader).first->second;
        csv += seriesLine({ numberAt(event, "second"), static_cast<int>(numberAt(event, "ok")),
            static_cast<int>(numberAt(event, "failed")), fractionAt(event, "p50Ms"),
            fractionAt(event, "p99Ms"), fractionAt(event, "maxMs") });
    }
    return out;
}

/// What the workload measured; empty when it measured nothing.
std::string metricsCsv(const std::vector<Json> &events)
{
    std::string out;
    for (const Json &event : events) {
        const auto values = event.find("values");
        if (textAt(event, "type") != "workload.metrics" || values == event.end()
            || !values->is_object())
            continue;
        for (const auto &[name, value] : values->items()) {
            if (value.is_number())
                out += metricsLine(numberAt(event, "second"), name, value.get<double>());
        }
    }
    return out.empty() ? out : metricsHeader + out;
}

} // namespace

RebuiltBundle rebuildBundle(const std::string &eventFile, const std::string &into)
{
    RebuiltBundle out;
    const EventLines events = readEventLines(eventFile);
    out.events = events.rows.size();
    out.tornBytes = events.tornBytes;
    out.badLines = events.badLines;
    const auto hasType = [&](const char *type) {
        return std::any_of(events.rows.begin(), events.rows.end(),
            [type](const Json &event) { return textAt(event, "type") == type; });
    };
    if (!hasType("run.begin")) {
        out.problem = eventFile + " does not hold the beginning of a run";
        return out;
    }
    out.summary = summaryOf(events.rows);
    out.hasEnd = hasType("run.end");
    if (!out.hasEnd && out.summary.trouble.empty())
        out.summary.trouble = "The events end before the run did.";
    std::map<std::string, std::string> files{
        { "findings.json",
            findingsJson(out.summary).dump(2, ' ', false, Json::error_handler_t::replace) + '\n' },
        { "junit.xml", junitXml(out.summary) },
    };
    if (const std::string metrics = metricsCsv(events.rows); !metrics.empty()) {
        files[metricsFile] = metrics;
        ++out.series;
    }
    for (auto &[probe, csv] : seriesOf(events.rows)) {
        files["series/" + seriesFileName(probe)] = csv;
        ++out.series;
    }
    for (const auto &[name, bytes] : files) {
        if (const auto problem = replaceFile(into + '/' + name, bytes, true)) {
            out.problem = *problem;
            return out;
        }
    }
    return out;
}

} // namespace faultline::runs
