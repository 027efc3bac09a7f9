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
        { "stacks", "services", "containers", "instances", "hosts", "schemas", "subscribe" },
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

ApiType projectType(const std::string &name, std::int64_t created)
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
    return type;
}

std::optional<Json> hostJson(
    const ApiScope &scope, const HostFacts &host, const ResourceStore &store)
{
    Json json = resourceFrame(
        scope, "host", "hosts", hostId, { "account", "instances", "containers" }, { "update" });
    const std::string name = textOf(host.info, "Name", "this-machine");
    json["name"] = nullptr;
    json["hostname"] = name;
    json["uuid"] = textOf(host.info, "ID", "1h1");
    json["kind"] = "docker";
    json["accountId"] = projectId;
    addTimes(json, host.since);
    json["state"] = host.connected ? "active" : "disconnected";
    json["agentState"] = host.connected ? Json("active") : Json("disconnected");
    if (!host.connected) {
        json["transitioning"] = "error";
        json["transitioningMessage"] = host.reason;
    }
    json["agentIpAddress"] = "127.0.0.1";
    json["info"] = hostInfo(host.info);
    const std::string kernel = textOf(host.info, "KernelVersion");
    json["labels"] = { { "io.rancher.host.docker_version", textOf(host.info, "ServerVersion") },
        { "io.rancher.host.linux_kernel_version", kernel.substr(0, kernel.find('-')) },
        { "io.rancher.host.os", "linux" } };
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

ApiType hostType(const HostFacts &host, const ResourceStore &store)
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
