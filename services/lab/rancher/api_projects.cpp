// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/lab/rancher/api_projects.h"

#include "services/lab/rancher/resource_json.h"

#include <fstream>
#include <sstream>

namespace faultline::lab {

namespace {

constexpr std::int64_t mebibyte = 1 << 20;

void addTimes(Json &json, std::int64_t created)
{
    json["created"] = isoTime(created);
    json["createdTS"] = created;
    json["removed"] = nullptr;
    json["removedTS"] = nullptr;
    json["transitioning"] = "no";
    json["transitioningMessage"] = nullptr;
    json["transitioningProgress"] = nullptr;
}

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
    addTimes(json, created);
    return json;
}

/// Free memory in MiB, from the kernel; the engine does not tell it.
std::int64_t availableMemory()
{
    std::ifstream file("/proc/meminfo");
    for (std::string line; std::getline(file, line);) {
        std::istringstream words(line);
        std::string key;
        std::int64_t kibibytes = 0;
        words >> key >> kibibytes;
        if (key == "MemAvailable:")
            return kibibytes / 1024;
    }
    return 0;
}

Json hostInfo(const Json &docker)
{
    const std::int64_t available = availableMemory();
    return { { "cpuInfo",
                 { { "count", numberOf(docker, "NCPU") },
                     { "modelName", textOf(docker, "Architecture") }, { "mhz", 0 },
                     { "cpuCoresPercentages", Json::array() } } },
        { "memoryInfo",
            { { "memTotal", numberOf(docker, "MemTotal") / mebibyte }, { "memFree", available },
                { "memAvailable", available } } },
        { "diskInfo",
            { { "dockerStorageDriver", textOf(docker, "Driver") },
                { "fileSystems", Json::object() }, { "mountPoints", Json::object() } } },
        { "osInfo",
            { { "operatingSystem", textOf(docker, "OperatingSystem") },
                { "kernelVersion", textOf(docker, "KernelVersion") },
                { "dockerVersion", "Docker version " + textOf(docker, "ServerVersion") } } },
        { "iopsInfo", Json::object() } };
}

} // namespace

ApiType projectType(const std::string &name, std::int64_t created, HostSockets &sockets)
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
    type.views["hostStats"] = [&sockets](const ApiScope &scope, std::int64_t) -> ApiResult {
        return ApiAnswer{ 200,
            hostAccess(scope, "statsAccess", "/v1/hoststats/project/",
                sockets.grant(StatsGrant{ { { {}, hostId } } })) };
    };
    return type;
}

const char *HostFacts::state(std::int64_t now) const
{
    if (connected)
        return "active";
    return now - lostAt < disconnectedAfterMs ? "reconnecting" : "disconnected";
}

std::map<std::string, std::string> labelsOf(const HostFacts &host)
{
    std::map<std::string, std::string> labels = host.given;
    const std::string kernel = textOf(host.info, "KernelVersion");
    labels["io.rancher.host.docker_version"] = textOf(host.info, "ServerVersion");
    labels["io.rancher.host.linux_kernel_version"] = kernel.substr(0, kernel.find('-'));
    labels["io.rancher.host.os"] = "linux";
    return labels;
}

std::optional<Json> hostJson(
    const ApiScope &scope, const HostFacts &host, const ResourceStore &store)
{
    Json json = resourceFrame(scope, "host", "hosts", hostId,
        { "account", "instances", "containers", "hostStats", "containerStats", "stats" },
        { "update", "dockersocket" });
    const std::string name = textOf(host.info, "Name", "this-machine");
    json["name"] = host.name.empty() ? Json() : Json(host.name);
    json["hostname"] = name;
    json["uuid"] = textOf(host.info, "ID", "1h1");
    json["kind"] = "docker";
    json["accountId"] = projectId;
    addTimes(json, host.since);
    json["state"] = host.state(nowMs());
    json["agentState"] = host.state(nowMs());
    if (!host.connected) {
        json["transitioning"] = "error";
        json["transitioningMessage"] = host.reason;
    }
    json["agentIpAddress"] = "127.0.0.1";
    json["info"] = hostInfo(host.info);
    json["labels"] = labelsOf(host);
    json["description"] = host.description.empty() ? Json() : Json(host.description);
    Json instances = Json::array();
    for (const auto &[id, container] : store.containers()) {
        if (container.removed == 0)
            instances.push_back(publicId(Kind::Container, id));
    }
    json["instanceIds"] = std::move(instances);
    json["memory"] = nullptr;
    json["milliCpu"] = nullptr;
    json["localStorageMb"] = nullptr;
    json["publicEndpoints"] = nullptr;
    return json;
}

ApiType hostType(HostFacts &host, const ResourceStore &store, HostSockets &sockets,
    std::function<void()> changed)
{
    ApiType type;
    type.singular = "host";
    type.plural = "hosts";
    type.filters = { "id", "name", "state", "uuid", "kind", "hostname", "created", "removed",
        "agentState", "accountId" };
    type.list = [&host, &store](const ApiScope &scope) {
        return std::vector<Json>{ *hostJson(scope, host, store) };
    };
    type.byId = [&host, &store](const ApiScope &scope, std::int64_t id) -> std::optional<Json> {
        return "1h" + std::to_string(id) == hostId ? hostJson(scope, host, store) : std::nullopt;
    };
    type.update = [&host, &store, changed = std::move(changed)](
                      const ApiScope &scope, std::int64_t, const Json &body) -> ApiResult {
        host.name = textOf(body, "name", host.name);
        host.description = textOf(body, "description", host.description);
        if (body.contains("labels")) {
            host.given = textMapOf(body, "labels");
            std::erase_if(host.given,
                [](const auto &label) { return label.first.starts_with("io.rancher.host."); });
        }
        changed();
        return ApiAnswer{ 200, *hostJson(scope, host, store) };
    };
    type.actions["dockersocket"]
        = [&host, &sockets](const ApiScope &scope, std::int64_t, const Json &) -> ApiResult {
        if (!host.connected)
            return refused(503, "HostNotActive", host.reason);
        return ApiAnswer{ 200,
            hostAccess(scope, "hostAccess", "/v1/dockersocket/", sockets.grant(DockerGrant())) };
    };
    const auto stats = [&sockets](const ApiScope &scope, std::int64_t) -> ApiResult {
        return ApiAnswer{ 200,
            hostAccess(scope, "statsAccess", "/v1/hoststats/",
                sockets.grant(StatsGrant{ { { {}, hostId } } })) };
    };
    type.views["hostStats"] = stats;
    type.views["stats"] = stats;
    type.views["containerStats"]
        = [&store, &sockets](const ApiScope &scope, std::int64_t) -> ApiResult {
        StatsGrant grant;
        for (const auto &[id, container] : store.containers()) {
            if (container.removed == 0 && container.state == "running")
                grant.sources.push_back({ container.dockerId, publicId(Kind::Container, id) });
        }
        if (grant.sources.empty())
            return ApiAnswer{ 200, Json::object() };
        return ApiAnswer{ 200,
            hostAccess(
                scope, "statsAccess", "/v1/containerstats/", sockets.grant(std::move(grant))) };
    };
    type.links["instances"] = { "container", [&store](const ApiScope &scope, std::int64_t) {
                                   std::vector<Json> list;
                                   for (const auto &[id, container] : store.containers()) {
                                       if (container.removed == 0)
                                           list.push_back(containerJson(scope, store, container));
                                   }
                                   return list;
                               } };
    return type;
}

} // namespace faultline::lab
