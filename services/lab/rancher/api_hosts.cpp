// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/lab/rancher/api_hosts.h"

#include "services/lab/rancher/resource_json.h"

#include <fstream>
#include <sstream>

namespace faultline::lab {

namespace {

constexpr std::int64_t mebibyte = 1 << 20;

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

HostRecord recordOf(const LabHost &host, const ResourceStore &store)
{
    const auto found = store.hosts().find(host.id);
    return found == store.hosts().end() ? HostRecord() : found->second;
}

std::vector<const ContainerRecord *> containersOn(const ResourceStore &store, std::int64_t host)
{
    std::vector<const ContainerRecord *> containers;
    for (const auto &[id, container] : store.containers()) {
        if (container.removed == 0 && container.hostId == host)
            containers.push_back(&container);
    }
    return containers;
}

ApiResult updateHost(
    Hosts &hosts, ResourceStore &store, const ApiScope &scope, std::int64_t id, const Json &body)
{
    store.changeHost(id, [&body](HostRecord &host) {
        host.name = textOf(body, "name", host.name);
        host.description = textOf(body, "description", host.description);
        if (!body.contains("labels"))
            return;
        host.labels = textMapOf(body, "labels");
        std::erase_if(host.labels,
            [](const auto &label) { return label.first.starts_with("io.rancher.host."); });
    });
    return ApiAnswer{ 200, hostJson(scope, hosts, *hosts.find(id), store) };
}

ApiResult openHostStats(HostSockets &sockets, const ApiScope &scope, std::int64_t id)
{
    return ApiAnswer{ 200,
        hostAccess(scope, "statsAccess", "/v1/hoststats/",
            sockets.grant(StatsGrant{ { { nullptr, {}, publicHostId(id) } } })) };
}

ApiResult openContainerStats(const Hosts &hosts, const ResourceStore &store, HostSockets &sockets,
    const ApiScope &scope, std::int64_t id)
{
    StatsGrant grant;
    for (const ContainerRecord *container : containersOn(store, id)) {
        if (container->state == "running" && hosts.isUp(id))
            grant.sources.push_back({ &hosts.find(id)->engine, container->dockerId,
                publicId(Kind::Container, container->id) });
    }
    if (grant.sources.empty())
        return ApiAnswer{ 200, Json::object() };
    return ApiAnswer{ 200,
        hostAccess(scope, "statsAccess", "/v1/containerstats/", sockets.grant(std::move(grant))) };
}

ApiResult openDocker(
    const Hosts &hosts, HostSockets &sockets, const ApiScope &scope, std::int64_t id)
{
    const LabHost &host = *hosts.find(id);
    if (!host.facts.connected)
        return refused(503, "HostNotActive", host.facts.reason);
    return ApiAnswer{ 200,
        hostAccess(
            scope, "hostAccess", "/v1/dockersocket/", sockets.grant(DockerGrant{ &host.engine })) };
}

} // namespace

Json hostJson(
    const ApiScope &scope, const Hosts &hosts, const LabHost &host, const ResourceStore &store)
{
    const HostFacts &facts = host.facts;
    const HostRecord record = recordOf(host, store);
    const std::string id = publicHostId(host.id);
    Json json = resourceFrame(scope, "host", "hosts", id,
        { "account", "instances", "containers", "hostStats", "containerStats", "stats" },
        { "update", "dockersocket" });
    const auto textOrNull
        = [](const std::string &text) { return text.empty() ? Json() : Json(text); };
    json["name"] = textOrNull(record.name);
    json["description"] = textOrNull(record.description);
    // Every engine is on this machine, so the name alone would not tell them apart.
    const bool isOnly = hosts.all().size() == 1;
    const std::string suffix = isOnly ? std::string() : "-" + id;
    json["hostname"] = textOf(facts.info, "Name", "this-machine") + suffix;
    json["uuid"] = textOf(facts.info, "ID", "lab") + suffix;
    json["kind"] = "docker";
    json["accountId"] = projectId;
    addAge(json, facts.since);
    json["state"] = facts.state(nowMs());
    json["agentState"] = facts.state(nowMs());
    if (!facts.connected) {
        json["transitioning"] = "error";
        json["transitioningMessage"] = facts.reason;
    }
    json["agentIpAddress"] = "127.0.0.1";
    json["info"] = hostInfo(facts.info);
    json["labels"] = hosts.labelsOf(host);
    Json instances = Json::array();
    for (const ContainerRecord *container : containersOn(store, host.id))
        instances.push_back(publicId(Kind::Container, container->id));
    json["instanceIds"] = std::move(instances);
    for (const char *absent : { "memory", "milliCpu", "localStorageMb", "publicEndpoints" })
        json[absent] = nullptr;
    return json;
}

ApiType hostType(Hosts &hosts, ResourceStore &store, HostSockets &sockets,
    std::function<void(std::int64_t id)> changed)
{
    ApiType type;
    type.singular = "host";
    type.plural = "hosts";
    type.filters = { "id", "name", "state", "uuid", "kind", "hostname", "created", "removed",
        "agentState", "accountId" };
    type.list = [&hosts, &store](const ApiScope &scope) {
        std::vector<Json> list;
        for (const auto &host : hosts.all())
            list.push_back(hostJson(scope, hosts, *host, store));
        return list;
    };
    type.byId = [&hosts, &store](const ApiScope &scope, std::int64_t id) -> std::optional<Json> {
        const LabHost *host = hosts.find(id);
        return host == nullptr ? std::nullopt : std::optional(hostJson(scope, hosts, *host, store));
    };
    type.update = [&hosts, &store, changed = std::move(changed)](
                      const ApiScope &scope, std::int64_t id, const Json &body) {
        ApiResult answer = updateHost(hosts, store, scope, id, body);
        changed(id);
        return answer;
    };
    type.actions["dockersocket"]
        = [&hosts, &sockets](const ApiScope &scope, std::int64_t id, const Json &) {
              return openDocker(hosts, sockets, scope, id);
          };
    for (const char *link : { "hostStats", "stats" })
        type.views[link] = [&sockets](const ApiScope &scope, std::int64_t id) {
            return openHostStats(sockets, scope, id);
        };
    type.views["containerStats"]
        = [&hosts, &store, &sockets](const ApiScope &scope, std::int64_t id) {
              return openContainerStats(hosts, store, sockets, scope, id);
          };
    type.links["instances"] = { "container", [&store](const ApiScope &scope, std::int64_t id) {
                                   std::vector<Json> list;
                                   for (const ContainerRecord *container : containersOn(store, id))
                                       list.push_back(containerJson(scope, store, *container));
                                   return list;
                               } };
    return type;
}

} // namespace faultline::lab
