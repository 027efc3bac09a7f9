// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/lab/rancher/api_projects.h"

#include "services/lab/rancher/resource_json.h"

namespace faultline::lab {

namespace {

Json projectJson(const ApiScope &scope, const std::string &name, std::int64_t created)
{
    ApiScope userScope = scope;
    userScope.base = scope.origin + "/v2-beta";
    Json json = resourceFrame(userScope, "project", "projects", projectId,
        { "stacks", "services", "containers", "instances", "hosts", "schemas", "subscribe",
            "hostStats" },
        { "update" });
    json["baseType"] = "account";
    json["name"] = name;
    json["description"] = "The lab on this machine";
    json["uuid"] = "lab";
    json["kind"] = "project";
    json["orchestration"] = "cattle";
    json["state"] = "active";
    json["healthState"] = "healthy";
    json["members"] = Json::array();
    json["virtualMachine"] = false;
    addAge(json, created);
    return json;
}

} // namespace

ApiType projectType(
    const std::string &name, std::int64_t created, const Hosts &hosts, HostSockets &sockets)
{
    ApiType type;
    type.singular = "project";
    type.plural = "projects";
    type.filters = { "id", "name", "state", "uuid", "kind", "healthState", "created", "removed" };
    type.list = [name, created](const ApiScope &scope) {
        return std::vector<Json>{ projectJson(scope, name, created) };
    };
    type.byId = [name, created](const ApiScope &scope, std::int64_t id) -> std::optional<Json> {
        if ("1a" + std::to_string(id) != projectId)
            return std::nullopt;
        return projectJson(scope, name, created);
    };
    type.views["hostStats"] = [&hosts, &sockets](const ApiScope &scope, std::int64_t) -> ApiResult {
        StatsGrant grant;
        for (const auto &host : hosts.all())
            grant.sources.push_back({ nullptr, {}, publicHostId(host->id) });
        return ApiAnswer{ 200,
            hostAccess(
                scope, "statsAccess", "/v1/hoststats/project/", sockets.grant(std::move(grant))) };
    };
    return type;
}

} // namespace faultline::lab
