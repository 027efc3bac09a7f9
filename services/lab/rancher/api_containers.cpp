// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/lab/rancher/api_containers.h"

#include "services/lab/rancher/resource_json.h"
#include "services/lab/store/random_text.h"

#include <algorithm>
#include <cctype>

namespace faultline::lab {

namespace {

constexpr std::int64_t defaultGrace = 10; ///< seconds, as Rancher's agent
constexpr int removalGrace = 2;

bool isValidName(const std::string &name)
{
    return name.size() <= 63 && std::all_of(name.begin(), name.end(), [](char c) {
        return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '-' || c == '_' || c == '.';
    });
}

/// The fields of a standalone container that the lab uses.
Json launchConfigFrom(const Json &body)
{
    static constexpr const char *fields[]{ "imageUuid", "command", "entryPoint", "environment",
        "labels", "ports", "expose", "dataVolumes", "networkMode", "capAdd", "capDrop",
        "privileged", "pidMode", "user", "workingDir", "hostname", "domainName", "tty", "stdinOpen",
        "restartPolicy", "dns", "dnsSearch", "extraHosts", "devices", "securityOpt", "memory",
        "memorySwap", "memoryReservation", "cpuShares", "cpuSet", "milliCpuLimit", "shmSize",
        "readOnly", "runInit", "tmpfs", "ulimits", "sysctls", "logConfig", "stopSignal",
        "stopTimeout", "requestedHostId" };
    Json config = Json::object();
    for (const char *field : fields) {
        if (body.contains(field) && !body[field].is_null())
            config[field] = body[field];
    }
    return config;
}

ApiResult createContainer(ResourceStore &store, ContainerControl &containers, const Hosts &hosts,
    const ApiScope &scope, const Json &body)
{
    ContainerRecord container;
    container.name = textOf(body, "name");
    if (container.name.empty())
        container.name = "c-" + randomHex(4);
    if (!isValidName(container.name))
        return refused(422, "InvalidCharacters", {}, "name");
    const std::string image = textOf(body, "imageUuid");
    if (image.empty())
        return refused(422, "MissingRequired", {}, "imageUuid");
    if (!image.starts_with("docker:"))
        return refused(
            422, "InvalidFormat", "An image is written as \"docker:name:tag\".", "imageUuid");
    const std::string host = textOf(body, "requestedHostId");
    if (!host.empty() && hosts.find(parsedId(host).value_or(0)) == nullptr)
        return refused(422, "InvalidReference", {}, "requestedHostId");
    const std::string pids = textOf(body, "pidMode");
    if (!pids.empty() && pids != "host")
        return refused(422, "InvalidOption", "Only \"host\" can be shared.", "pidMode");
    container.launchConfig = launchConfigFrom(body);
    if (textOf(body, "networkMode") == "container") {
        const auto other = parsedId(textOf(body, "networkContainerId"));
        const ContainerRecord *shared = other ? store.container(*other) : nullptr;
        if (shared == nullptr || shared->removed != 0)
            return refused(422, "InvalidReference", {}, "networkContainerId");
        container.launchConfig["networkContainer"] = shared->id;
    }
    const auto stack = parsedId(textOf(body, "stackId"));
    if (stack && (store.stack(*stack) == nullptr || store.stack(*stack)->removed != 0))
        return refused(422, "InvalidReference", {}, "stackId");
    container.stackId = stack.value_or(0);
    container.description = textOf(body, "description");
    container.wanted = truthOf(body, "startOnCreate", true) ? Wanted::Running : Wanted::Stopped;
    const std::int64_t id = store.add(std::move(container)).id;
    containers.drive(id);
    return ApiAnswer{ 201, containerJson(scope, store, *store.container(id)) };
}

ApiResult openLog(const ResourceStore &store, const Hosts &hosts, LogSockets &logs,
    const ApiScope &scope, std::int64_t id, const Json &body)
{
    const ContainerRecord &container = *store.container(id);
    const LabHost *host = hosts.find(container.hostId);
    if (host == nullptr)
        return tl::make_unexpected(errorForStatus(404)); // no place yet (facts: rancher.md §5.2)
    LogRequest request;
    request.engine = &host->engine;
    request.dockerId = container.dockerId;
    request.options.follow = truthOf(body, "follow", true);
    request.options.timestamps = truthOf(body, "timestamps", true);
    request.options.tail
        = static_cast<int>(std::clamp<std::int64_t>(numberOf(body, "lines", 100), 0, 1'000'000));
    request.options.since = textOf(body, "since");
    request.options.tty = truthOf(container.launchConfig, "tty");
    return ApiAnswer{ 200,
        hostAccess(scope, "hostAccess", "/v1/logs/", logs.grant(std::move(request))) };
}

ApiResult openExec(const ResourceStore &store, const Hosts &hosts, HostSockets &sockets,
    const ApiScope &scope, std::int64_t id, const Json &body)
{
    const LabHost *host = hosts.find(store.container(id)->hostId);
    if (host == nullptr)
        return tl::make_unexpected(errorForStatus(404)); // no place yet (facts: rancher.md §5.2)
    ExecGrant grant;
    grant.engine = &host->engine;
    grant.dockerId = store.container(id)->dockerId;
    grant.options.command = textsOf(body, "command");
    if (grant.options.command.empty())
        return refused(422, "MissingRequired", {}, "command");
    grant.options.tty = truthOf(body, "tty", true);
    grant.options.attachStdin = truthOf(body, "attachStdin", true);
    grant.options.attachStdout = truthOf(body, "attachStdout", true);
    return ApiAnswer{ 200,
        hostAccess(scope, "hostAccess", "/v1/exec/", sockets.grant(std::move(grant))) };
}

ApiResult openStats(const ResourceStore &store, const Hosts &hosts, HostSockets &sockets,
    const ApiScope &scope, std::int64_t id)
{
    const ContainerRecord &container = *store.container(id);
    if (container.state != "running" || !hosts.isUp(container.hostId))
        return ApiAnswer{ 200, Json::object() }; // nothing to look at (facts: rancher.md §5.5)
    StatsGrant grant{
        { { &hosts.find(container.hostId)->engine, container.dockerId, container.dockerId } }
    };
    return ApiAnswer{ 200,
        hostAccess(scope, "statsAccess", "/v1/containerstats/", sockets.grant(std::move(grant))) };
}

} // namespace

ApiType containerType(ResourceStore &store, ContainerControl &containers, const Hosts &hosts,
    LogSockets &logs, HostSockets &sockets)
{
    ApiType type;
    type.singular = "container";
    type.plural = "containers";
    type.filters = { "id", "name", "state", "uuid", "description", "created", "removed", "hostId",
        "externalId", "kind", "system", "accountId", "stackId", "createIndex", "primaryIpAddress" };
    type.list = [&store](const ApiScope &scope) {
        std::vector<Json> list;
        for (const auto &[id, container] : store.containers()) {
            if (container.removed == 0)
                list.push_back(containerJson(scope, store, container));
        }
        return list;
    };
    type.byId = [&store](const ApiScope &scope, std::int64_t id) {
        return resourceJson(scope, store, Kind::Container, id);
    };
    type.create = [&store, &containers, &hosts](const ApiScope &scope, const Json &body) {
        return createContainer(store, containers, hosts, scope, body);
    };
    type.update = [&store](const ApiScope &scope, std::int64_t id, const Json &body) -> ApiResult {
        store.changeContainer(id, [&body](ContainerRecord &container) {
            container.description = textOf(body, "description", container.description);
        });
        return ApiAnswer{ 200, containerJson(scope, store, *store.container(id)) };
    };
    const auto answer = [&store](const ApiScope &scope, std::int64_t id, int status) {
        return ApiAnswer{ status, containerJson(scope, store, *store.container(id)) };
    };
    type.remove = [&containers, answer](const ApiScope &scope, std::int64_t id) -> ApiResult {
        containers.remove(id, removalGrace);
        return answer(scope, id, 200);
    };
    type.actions["remove"]
        = [&containers, answer](const ApiScope &scope, std::int64_t id, const Json &) -> ApiResult {
        containers.remove(id, removalGrace);
        return answer(scope, id, 202);
    };
    type.actions["start"]
        = [&containers, answer](const ApiScope &scope, std::int64_t id, const Json &) -> ApiResult {
        containers.start(id);
        return answer(scope, id, 202);
    };
    type.actions["stop"] = [&containers, answer](const ApiScope &scope, std::int64_t id,
                               const Json &body) -> ApiResult {
        const auto grace = static_cast<int>(
            std::clamp<std::int64_t>(numberOf(body, "timeout", defaultGrace), 0, 3600));
        if (truthOf(body, "remove"))
            containers.remove(id, grace);
        else
            containers.stop(id, grace);
        return answer(scope, id, 202);
    };
    type.actions["restart"]
        = [&containers, answer](const ApiScope &scope, std::int64_t id, const Json &) -> ApiResult {
        containers.restart(id);
        return answer(scope, id, 202);
    };
    type.actions["purge"]
        = [&store, answer](const ApiScope &scope, std::int64_t id, const Json &) -> ApiResult {
        store.changeContainer(id, [](ContainerRecord &container) { container.state = "purged"; });
        return answer(scope, id, 202);
    };
    type.actions["logs"]
        = [&store, &hosts, &logs](const ApiScope &scope, std::int64_t id, const Json &body) {
              return openLog(store, hosts, logs, scope, id, body);
          };
    type.actions["execute"]
        = [&store, &hosts, &sockets](const ApiScope &scope, std::int64_t id, const Json &body) {
              return openExec(store, hosts, sockets, scope, id, body);
          };
    for (const char *link : { "stats", "containerStats" })
        type.views[link] = [&store, &hosts, &sockets](const ApiScope &scope, std::int64_t id) {
            return openStats(store, hosts, sockets, scope, id);
        };
    type.links["services"]
        = { "service", [&store](const ApiScope &scope, std::int64_t id) {
               const ContainerRecord *container = store.container(id);
               const auto service = resourceJson(
                   scope, store, Kind::Service, container == nullptr ? 0 : container->serviceId);
               return service ? std::vector<Json>{ *service } : std::vector<Json>();
           } };
    return type;
}

} // namespace faultline::lab
