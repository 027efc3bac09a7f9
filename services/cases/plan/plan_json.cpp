// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/cases/plan/plan.h"

#include <nlohmann/json.hpp>

namespace faultline::cases {

namespace {

using Json = nlohmann::ordered_json; // keys in the order of writing: the same bytes each time

Json roleJson(const Role &role)
{
    Json out{ { "name", role.name }, { "service", role.service }, { "scale", role.scale } };
    if (!role.image.empty())
        out["image"] = role.image;
    for (const auto &[name, value] : { std::pair("branch", &role.version.branch),
             std::pair("tag", &role.version.tag), std::pair("commit", &role.version.commit) }) {
        if (!value->empty())
            out["version"][name] = *value;
    }
    return out;
}

Json faultJson(const PlannedFault &fault)
{
    Json out{ { "atMs", fault.at.count() }, { "durationMs", fault.duration.count() },
        { "id", fault.id }, { "kind", fault.kind }, { "phase", fault.phase },
        { "role", fault.role }, { "pick", fault.pick } };
    if (!fault.members.empty())
        out["members"] = fault.members;
    if (!fault.names.empty())
        out["names"] = fault.names;
    return out;
}

} // namespace

std::string planJson(const Plan &plan)
{
    // The seed is text: half of its range is beyond what a JavaScript reader keeps exactly.
    Json out{ { "case", plan.caseName }, { "seed", std::to_string(plan.seed) },
        { "durationMs", plan.duration.count() }, { "parameters", plan.values },
        { "roles", Json::array() }, { "phases", Json::array() }, { "faults", Json::array() },
        { "leftOut", Json::array() } };
    for (const Role &role : plan.roles)
        out["roles"].push_back(roleJson(role));
    for (const PlannedPhase &phase : plan.phases)
        out["phases"].push_back({ { "name", phase.name }, { "beginMs", phase.begin.count() },
            { "durationMs", phase.duration.count() }, { "workload", phase.runsWorkload },
            { "healAll", phase.healsAll } });
    for (const PlannedFault &fault : plan.faults)
        out["faults"].push_back(faultJson(fault));
    for (const LeftOut &item : plan.leftOut)
        out["leftOut"].push_back({ { "id", item.id }, { "phase", item.phase },
            { "atMs", item.at.count() }, { "reason", item.reason } });
    return out.dump(2, ' ', false, Json::error_handler_t::replace) + '\n';
}

} // namespace faultline::cases
