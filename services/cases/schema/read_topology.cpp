// SPDX-License-Identifier: GPL-3.0-or-later
// metadata, parameters, topology, needs, workload: what is tested, and with what.
#include "services/cases/schema/section_readers.h"

#include <array>

namespace faultline::cases {

namespace {

void readKnownIssue(
    const yaml::Value &value, const std::string &what, const Reporter &reporter, Metadata &out)
{
    MapReader map(value, what, reporter);
    if (!map.isMap())
        return;
    KnownIssue issue;
    issue.place = value.place;
    map.requiredText("match", issue.match);
    map.requiredText("issue", issue.issue);
    map.text("until", issue.until);
    map.finish();
    out.knownIssues.push_back(std::move(issue));
}

void readVersion(MapReader &map, Version &out)
{
    map.text("branch", out.branch);
    map.text("tag", out.tag);
    map.text("commit", out.commit);
    const int given = static_cast<int>(!out.branch.empty()) + static_cast<int>(!out.tag.empty())
        + static_cast<int>(!out.commit.empty());
    if (given > 1)
        map.reporter().error(map.place(), "ambiguous-version",
            map.what() + " names more than one of branch, tag and commit", "keep one");
}

void readRole(
    const yaml::Entry &entry, const std::string &what, const Reporter &reporter, Topology &out)
{
    MapReader map(entry.value, what, reporter);
    if (!map.isMap())
        return;
    Role role;
    role.name = entry.key;
    role.place = entry.keyPlace;
    role.service = entry.key;
    map.text("service", role.service);
    map.integer("scale", role.scale, 0, 1000);
    map.text("image", role.image);
    map.map("version", [&](MapReader &version) { readVersion(version, role.version); });
    map.finish();
    out.roles.push_back(std::move(role));
}

void readStep(
    const yaml::Value &value, const std::string &what, const Reporter &reporter, Topology &out)
{
    MapReader map(value, what, reporter);
    if (!map.isMap())
        return;
    Step step;
    step.place = value.place;
    std::string exec;
    std::string sql;
    map.text("exec", exec);
    map.text("sql", sql);
    map.text("where", step.where);
    map.text("user", step.user);
    map.text("password", step.password);
    map.finish();
    if (exec.empty() == sql.empty()) {
        reporter.error(
            value.place, "missing-key", what + " needs exactly one of \"exec\" and \"sql\"");
        return;
    }
    step.kind = exec.empty() ? Step::Kind::Sql : Step::Kind::Exec;
    step.text = exec.empty() ? std::move(sql) : std::move(exec);
    out.prepare.push_back(std::move(step));
}

} // namespace

void readMetadata(MapReader &map, Metadata &out)
{
    static constexpr std::array<std::string_view, 4> severities{ "blocker", "major", "minor",
        "experimental" };
    out.place = map.place();
    if (const yaml::Value *name = map.require("name"))
        out.namePlace = name->place;
    map.text("name", out.name);
    map.text("title", out.title);
    if (map.require("owner") != nullptr) {
        map.map("owner", [&](MapReader &owner) {
            owner.requiredText("team", out.ownerTeam);
            owner.text("person", out.ownerPerson);
        });
    }
    map.choice(
        "severity", severities, [&](std::size_t i) { out.severity = static_cast<Severity>(i); });
    map.texts("suites", out.suites);
    map.textMap("labels", out.labels);
    map.each("knownIssues", [&](const yaml::Value &value, const std::string &what) {
        readKnownIssue(value, what, map.reporter(), out);
    });
}

void readParameters(MapReader &caseMap, std::vector<Parameter> &out)
{
    static constexpr std::array<std::string_view, 6> types{ "int", "number", "bool", "string",
        "enum", "duration" };
    caseMap.eachEntry("parameters", [&](const yaml::Entry &entry, const std::string &what) {
        MapReader map(entry.value, what, caseMap.reporter());
        if (!map.isMap())
            return;
        Parameter parameter;
        parameter.name = entry.key;
        parameter.place = entry.keyPlace;
        map.choice(
            "type", types, [&](std::size_t i) { parameter.type = static_cast<ParameterType>(i); });
        std::string bound;
        if (const yaml::Value *value = map.take("default")) {
            map.text("default", bound);
            if (value->isScalar())
                parameter.defaultValue = std::exchange(bound, {});
        }
        map.text("min", bound);
        if (!bound.empty())
            parameter.minimum = std::exchange(bound, {});
        map.text("max", bound);
        if (!bound.empty())
            parameter.maximum = std::move(bound);
        map.texts("values", parameter.values);
        map.finish();
        out.push_back(std::move(parameter));
    });
}

void readTopology(MapReader &map, Topology &out)
{
    out.place = map.place();
    map.text("compose", out.compose);
    map.text("rancherCompose", out.rancherCompose);
    map.text("manifests", out.manifests);
    map.eachEntry("roles", [&](const yaml::Entry &entry, const std::string &what) {
        readRole(entry, what, map.reporter(), out);
    });
    readProbes(map, "ready", out.ready);
    map.each("prepare", [&](const yaml::Value &value, const std::string &what) {
        readStep(value, what, map.reporter(), out);
    });
}

void readNeeds(MapReader &map, Needs &out)
{
    map.integer("slots", out.slots, 0, 10'000);
    map.number("cpu", out.cpu, 0);
    map.bytes("memory", out.memoryBytes);
    map.duration("maxWait", out.maxWait);
}

void readWorkload(MapReader &map, Workload &out)
{
    out.isPresent = true;
    out.place = map.place();
    map.requiredText("command", out.command);
    map.text("where", out.where);
    map.textMap("env", out.environment);
    map.map("history", [&](MapReader &history) {
        history.requiredText("path", out.historyPath);
        history.text("format", out.historyFormat);
    });
    map.text("metrics", out.metrics);
    map.text("progress", out.progress);
    map.duration("heartbeat", out.heartbeat);
    map.boolean("mayBeFaulted", out.mayBeFaulted);
}

} // namespace faultline::cases
