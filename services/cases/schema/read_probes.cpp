// SPDX-License-Identifier: GPL-3.0-or-later
// probes, phases and checks: how it is watched, and what counts as an anomaly.
#include "services/cases/schema/section_readers.h"

#include <array>

namespace faultline::cases {

namespace {

constexpr std::array<std::string_view, 3> findingWords{ "stopNow", "finishPhase", "continue" };

} // namespace

Probe readProbe(const yaml::Value &value, const std::string &what, const Reporter &reporter)
{
    static constexpr std::array<std::string_view, 4> kinds{ "tcp", "http", "exec", "sql" };
    Probe probe;
    probe.place = value.place;
    MapReader map(value, what, reporter);
    if (!map.isMap())
        return probe;
    map.text("id", probe.id);
    if (map.require("kind") != nullptr)
        map.choice("kind", kinds, [&](std::size_t i) { probe.kind = static_cast<ProbeKind>(i); });
    map.text("target", probe.target);
    map.texts("command", probe.command);
    map.text("statement", probe.statement);
    map.text("user", probe.user);
    map.text("password", probe.password);
    if (map.take("expect") != nullptr) {
        std::string expected;
        map.text("expect", expected);
        probe.expect = std::move(expected);
    }
    map.duration("every", probe.every);
    map.duration("timeout", probe.timeout);
    map.finish();
    if (probe.every < milliseconds(10))
        reporter.error(value.place, "probe-too-fast", what + ".every must be at least 10ms");
    return probe;
}

void readProbes(MapReader &caseMap, std::string_view key, std::vector<Probe> &out)
{
    caseMap.each(key, [&](const yaml::Value &value, const std::string &what) {
        out.push_back(readProbe(value, what, caseMap.reporter()));
    });
}

void readPhases(MapReader &caseMap, std::vector<Phase> &out)
{
    caseMap.each("phases", [&](const yaml::Value &value, const std::string &what) {
        MapReader map(value, what, caseMap.reporter());
        if (!map.isMap())
            return;
        Phase phase;
        phase.place = value.place;
        map.requiredText("name", phase.name);
        map.duration("duration", phase.duration);
        map.texts("faults", phase.faults);
        phase.runsAllFaults = phase.faults == std::vector<std::string>{ "all" };
        if (phase.runsAllFaults)
            phase.faults.clear();
        map.boolean("workload", phase.runsWorkload);
        map.boolean("healAll", phase.healsAll);
        map.finish();
        out.push_back(std::move(phase));
    });
}

void readChecks(MapReader &caseMap, std::vector<Check> &out)
{
    static constexpr std::array<std::string_view, 2> moments{ "during", "final" };
    caseMap.each("checks", [&](const yaml::Value &value, const std::string &what) {
        MapReader map(value, what, caseMap.reporter());
        if (!map.isMap())
            return;
        Check check;
        check.place = value.place;
        map.text("id", check.id);
        map.text("kind", check.kind);
        map.choice(
            "when", moments, [&](std::size_t i) { check.when = static_cast<Check::When>(i); });
        map.text("anomaly", check.anomaly);
        map.boolean("skip", check.isSkipped);
        map.eachEntry("with", [&](const yaml::Entry &entry, const std::string &) {
            check.arguments[entry.key] = entry.value;
        });
        map.finish();
        if (check.kind.empty() && !check.isSkipped)
            caseMap.reporter().error(value.place, "missing-key", what + " needs the key \"kind\"");
        out.push_back(std::move(check));
    });
}

void readOnFinding(MapReader &caseMap, std::map<std::string, OnFinding> &out)
{
    static constexpr std::array<std::string_view, 4> severities{ "blocker", "major", "minor",
        "experimental" };
    caseMap.map("onFinding", [&](MapReader &map) {
        for (const std::string_view severity : severities) {
            map.choice(severity, findingWords,
                [&](std::size_t i) { out[std::string(severity)] = static_cast<OnFinding>(i); });
        }
    });
}

} // namespace faultline::cases
