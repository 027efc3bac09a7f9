// SPDX-License-Identifier: GPL-3.0-or-later
// faults, faultPolicy, retention and notify: what is disturbed, and what follows.
#include "services/cases/schema/quantities.h"
#include "services/cases/schema/section_readers.h"

#include <array>

namespace faultline::cases {

namespace {

void readTarget(MapReader &map, Target &out)
{
    static constexpr std::array<std::string_view, 9> picks{ "leader", "one", "all", "n", "percent",
        "minority", "majority", "minorityThird", "names" };
    map.requiredText("role", out.role);
    map.choice("pick", picks, [&](std::size_t i) { out.pick = picks.at(i); });
    map.integer("count", out.count, 1, 1000);
    map.texts("names", out.names);
    map.text("leaderCommand", out.leaderCommand);
}

void readSchedule(MapReader &map, Schedule &out)
{
    map.duration("every", out.every);
    map.duration("jitter", out.jitter);
    map.duration("poisson", out.poisson);
    map.duration("for", out.duration);
    map.duration("startAfter", out.startAfter);
    map.integer("max", out.most, 1, 1'000'000);
    map.each("at", [&](const yaml::Value &value, const std::string &what) {
        const std::string text
            = value.scalar.starts_with('+') ? value.scalar.substr(1) : value.scalar;
        const auto offset = value.isScalar() ? parseDuration(text) : std::nullopt;
        if (offset)
            out.at.push_back(*offset);
        else
            map.reporter().error(
                value.place, "wrong-type", what + " must be an offset", "for example +10m");
    });
}

void readOutcome(MapReader &map, Retention &out)
{
    static constexpr std::array<std::string_view, 2> faultWords{ "heal", "hold" };
    static constexpr std::array<std::string_view, 2> workloadWords{ "stop", "pause" };
    out.place = map.place();
    map.boolean("keep", out.keep);
    map.duration("ttl", out.ttl);
    map.duration("extendMax", out.extendMax);
    map.duration("warnBefore", out.warnBefore);
    map.choice("faults", faultWords, [&](std::size_t i) { out.holdsFaults = i == 1; });
    map.choice("workload", workloadWords, [&](std::size_t i) { out.pausesWorkload = i == 1; });
    map.integer("quota", out.quota, 0, 1000);
}

void readEvidence(MapReader &map, std::vector<EvidenceWish> &out)
{
    map.each("evidence", [&](const yaml::Value &value, const std::string &what) {
        const auto text = scalarText(value, what, map.reporter());
        if (!text)
            return;
        EvidenceWish wish;
        wish.place = value.place;
        if (*text == "core" || *text == "dmesg") {
            wish.kind = *text == "core" ? EvidenceWish::Kind::Cores : EvidenceWish::Kind::KernelLog;
            out.push_back(std::move(wish));
            return;
        }
        const std::size_t colon = text->find(":/");
        wish.role = colon == std::string::npos ? "" : text->substr(0, colon);
        wish.path = colon == std::string::npos ? *text : text->substr(colon + 1);
        const bool climbs = ('/' + wish.path + '/').find("/../") != std::string::npos;
        if (!wish.path.starts_with('/') || climbs || colon == 0)
            map.reporter().error(value.place, "bad-path", what + " is no absolute path: " + *text,
                "write /path, role:/path, core or dmesg");
        else
            out.push_back(std::move(wish));
    });
}

} // namespace

void readFaults(MapReader &caseMap, std::vector<FaultEntry> &out)
{
    caseMap.each("faults", [&](const yaml::Value &value, const std::string &what) {
        MapReader map(value, what, caseMap.reporter());
        if (!map.isMap())
            return;
        FaultEntry fault;
        fault.place = value.place;
        map.requiredText("id", fault.id);
        map.requiredText("kind", fault.kind);
        map.map("target", [&](MapReader &target) { readTarget(target, fault.target); });
        map.textMap("args", fault.arguments);
        map.map("schedule", [&](MapReader &schedule) { readSchedule(schedule, fault.schedule); });
        if (const yaml::Value *probe = map.take("inForce"))
            fault.inForce = readProbe(*probe, what + ".inForce", caseMap.reporter());
        if (const yaml::Value *probe = map.take("out"))
            fault.out = readProbe(*probe, what + ".out", caseMap.reporter());
        map.duration("lease", fault.lease);
        map.texts("conflictsWith", fault.conflictsWith);
        map.finish();
        out.push_back(std::move(fault));
    });
}

void readFaultPolicy(MapReader &map, FaultPolicy &out)
{
    static constexpr std::array<std::string_view, 3> modes{ "mixed", "sequential", "none" };
    map.choice("mode", modes, [&](std::size_t i) { out.mode = static_cast<FaultPolicy::Mode>(i); });
    map.integer("maxConcurrent", out.maxConcurrent, 1, 1000);
    map.duration("quietPeriod", out.quietPeriod);
    map.texts("protect", out.protectedRoles);
}

void readRetention(MapReader &map, CaseFile &out)
{
    static constexpr std::array<std::string_view, 6> outcomes{ "pass", "fail", "unknown",
        "infrastructure", "aborted", "leaked" };
    for (const std::string_view outcome : outcomes)
        map.map(outcome,
            [&](MapReader &inner) { readOutcome(inner, out.retention[std::string(outcome)]); });
    readEvidence(map, out.evidence);
}

void readNotify(MapReader &caseMap, std::vector<Notify> &out)
{
    caseMap.each("notify", [&](const yaml::Value &value, const std::string &what) {
        MapReader map(value, what, caseMap.reporter());
        if (!map.isMap())
            return;
        Notify notify;
        map.texts("events", notify.events);
        map.text("slack", notify.slack);
        map.texts("mention", notify.mention);
        map.finish();
        if (notify.slack.starts_with("http"))
            caseMap.reporter().error(value.place, "secret-in-file",
                what + ".slack holds an address",
                "a webhook address is a secret: name the variable or file that holds it "
                "(env:SLACK_WEBHOOK)");
        out.push_back(std::move(notify));
    });
}

} // namespace faultline::cases
