// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/lab/rancher/resource_json.h"

#include "services/lab/rancher/stack_states.h"

#include <array>
#include <ctime>

namespace faultline::lab {

namespace {

void addLifecycle(Json &json, const ResourceRecord &record)
{
    json["name"] = record.name;
    json["description"] = record.description.empty() ? Json() : Json(record.description);
    json["uuid"] = record.uuid;
    json["accountId"] = projectId;
    json["state"] = record.state;
    json["created"] = isoTime(record.created);
    json["createdTS"] = record.created;
    json["removed"] = isoTime(record.removed);
    json["removedTS"] = record.removed == 0 ? Json() : Json(record.removed);
    json["removeTime"] = nullptr;
    const std::string transitioning = transitioningOf(record);
    json["transitioning"] = transitioning;
    json["transitioningProgress"] = nullptr;
    json["transitioningMessage"] = nullptr;
    if (transitioning == "error")
        json["transitioningMessage"] = record.error;
    else if (transitioning == "yes")
        json["transitioningMessage"] = "In Progress";
    json["data"] = { { "fields", Json::object() } };
}

std::vector<const ContainerRecord *> containersOf(
    const ResourceStore &store, std::int64_t serviceId)
{
    std::vector<const ContainerRecord *> containers;
    for (const std::int64_t id : store.containersOfService(serviceId))
        containers.push_back(store.container(id));
    return containers;
}

std::string healthOf(const ResourceStore &store, const ServiceRecord &service)
{
    return serviceHealth(service, containersOf(store, service.id));
}

Json hostOrNull(const ContainerRecord &container)
{
    return container.hostId == 0 ? Json() : Json(publicHostId(container.hostId));
}

/// "127.0.0.1:32768:80/tcp" as one of a service's publicEndpoints.
Json endpoint(const std::string &port, const ContainerRecord &container)
{
    const std::size_t first = port.find(':');
    const std::size_t second = port.find(':', first + 1);
    if (first == std::string::npos || second == std::string::npos)
        return nullptr;
    return { { "type", "publicEndpoint" }, { "ipAddress", port.substr(0, first) },
        { "port", std::strtol(port.substr(first + 1, second - first - 1).c_str(), nullptr, 10) },
        { "hostId", hostOrNull(container) },
        { "instanceId", publicId(Kind::Container, container.id) },
        { "serviceId", publicId(Kind::Service, container.serviceId) } };
}

/// Alias -> id of the service, as the API has it.
Json linkedIds(const ResourceStore &store, const ServiceRecord &service)
{
    std::map<std::string, std::string> ids;
    for (const std::int64_t id : store.servicesOfStack(service.stackId))
        ids[store.service(id)->name] = publicId(Kind::Service, id);
    Json linked = Json::object();
    for (const auto &[alias, name] : service.linkedServices.items()) {
        const auto found = ids.find(name.is_string() ? name.get<std::string>() : std::string());
        if (found != ids.end())
            linked[alias] = found->second;
    }
    return linked;
}

Json idOrNull(Kind kind, std::int64_t id)
{
    return id == 0 ? Json() : Json(publicId(kind, id));
}

} // namespace

std::string publicId(Kind kind, std::int64_t id)
{
    static constexpr std::array<const char *, 3> prefixes{ "1st", "1s", "1i" };
    return prefixes.at(static_cast<std::size_t>(kind)) + std::to_string(id);
}

std::string publicHostId(std::int64_t id)
{
    return "1h" + std::to_string(id);
}

Json isoTime(std::int64_t ms)
{
    if (ms == 0)
        return nullptr;
    const std::time_t seconds = ms / 1000;
    std::tm parts{};
    gmtime_r(&seconds, &parts);
    std::array<char, 32> text{};
    const std::size_t size = std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%SZ", &parts);
    return std::string(text.data(), size);
}

void addAge(Json &json, std::int64_t created)
{
    json["created"] = isoTime(created);
    json["createdTS"] = created;
    json["removed"] = nullptr;
    json["removedTS"] = nullptr;
    json["transitioning"] = "no";
    json["transitioningMessage"] = nullptr;
    json["transitioningProgress"] = nullptr;
}

Json resourceFrame(const ApiScope &scope, const std::string &type, const std::string &plural,
    const std::string &id, const std::vector<std::string> &links,
    const std::vector<std::string> &actions)
{
    const std::string self = scope.base + "/" + plural + "/" + id;
    Json json{ { "id", id }, { "type", type }, { "baseType", type },
        { "links", { { "self", self } } }, { "actions", Json::object() } };
    for (const std::string &link : links) {
        std::string lower = link;
        for (char &c : lower)
            c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
        json["links"][link] = self + "/" + lower;
    }
    for (const std::string &action : actions)
        json["actions"][action] = self + "/?action=" + action;
    if (json["actions"].contains("remove"))
        json["links"]["remove"] = self;
    return json;
}

Json stackJson(const ApiScope &scope, const ResourceStore &store, const StackRecord &stack)
{
    Json json = resourceFrame(scope, "stack", "stacks", publicId(Kind::Stack, stack.id),
        { "services", "account", "composeConfig" }, stackActions(stack));
    json["baseType"] = "environment";
    addLifecycle(json, stack);
    std::vector<ServiceCondition> conditions;
    Json serviceIds = Json::array();
    for (const std::int64_t id : store.servicesOfStack(stack.id)) {
        const ServiceRecord &service = *store.service(id);
        conditions.push_back({ service.state, healthOf(store, service) });
        serviceIds.push_back(publicId(Kind::Service, id));
    }
    json["healthState"] = stackHealth(conditions);
    json["serviceIds"] = std::move(serviceIds);
    json["dockerCompose"] = stack.dockerCompose.empty() ? Json() : Json(stack.dockerCompose);
    json["rancherCompose"] = stack.rancherCompose.empty() ? Json() : Json(stack.rancherCompose);
    json["environment"] = stack.environment.empty() ? Json() : Json(stack.environment);
    json["externalId"] = stack.externalId.empty() ? Json() : Json(stack.externalId);
    json["group"] = stack.group.empty() ? Json() : Json(stack.group);
    json["startOnCreate"] = stack.startOnCreate;
    json["system"] = false;
    json["kind"] = "stack";
    for (const char *absent : { "answers", "binding", "outputs", "templates" })
        json[absent] = nullptr;
    for (const char *previous : { "previousExternalId", "previousEnvironment" })
        json[previous] = stack.upgrade.is_object() ? stack.upgrade.value(previous, Json()) : Json();
    // An upgrade that failed keeps its state and is not marked as an error (facts: rancher.md §4).
    if (const std::string problem = textOf(stack.upgrade, "message"); !problem.empty())
        json["transitioningMessage"] = problem;
    return json;
}

Json serviceJson(const ApiScope &scope, const ResourceStore &store, const ServiceRecord &service)
{
    Json json = resourceFrame(scope, "service", "services", publicId(Kind::Service, service.id),
        { "instances", "stack", "account", "consumedServices", "consumedByServices", "serviceLogs",
            "containerStats" },
        serviceActions(service));
    addLifecycle(json, service);
    Json instanceIds = Json::array();
    Json endpoints = Json::array();
    int present = 0;
    for (const ContainerRecord *container : containersOf(store, service.id)) {
        instanceIds.push_back(publicId(Kind::Container, container->id));
        present += container->wanted == Wanted::Removed || container->retired ? 0 : 1;
        for (const Json &port : container->ports)
            endpoints.push_back(
                endpoint(port.is_string() ? port.get<std::string>() : std::string(), *container));
    }
    json["kind"] = "service";
    json["stackId"] = publicId(Kind::Stack, service.stackId);
    json["scale"] = service.scale;
    json["currentScale"] = present;
    json["healthState"] = healthOf(store, service);
    json["launchConfig"] = service.launchConfig;
    json["secondaryLaunchConfigs"] = service.secondaryLaunchConfigs;
    json["upgrade"] = service.upgrade;
    json["metadata"] = service.metadata;
    json["instanceIds"] = std::move(instanceIds);
    json["publicEndpoints"] = endpoints.empty() ? Json() : std::move(endpoints);
    json["linkedServices"] = linkedIds(store, service);
    json["createIndex"] = service.createIndex;
    json["startOnCreate"] = service.startOnCreate;
    json["assignServiceIpAddress"] = false;
    json["retainIp"] = false;
    json["system"] = false;
    for (const char *absent : { "externalId", "fqdn", "lbConfig", "scalePolicy",
             "selectorContainer", "selectorLink", "vip" })
        json[absent] = nullptr;
    return json;
}

Json containerJson(
    const ApiScope &scope, const ResourceStore &store, const ContainerRecord &container)
{
    Json json = resourceFrame(scope, "container", "containers",
        publicId(Kind::Container, container.id),
        { "account", "hosts", "services", "ports", "volumes", "mounts", "stats", "containerStats" },
        containerActions(container));
    for (const auto &[key, value] : container.launchConfig.items())
        json[key] = value;
    json["baseType"] = "instance";
    json["type"] = "container";
    addLifecycle(json, container);
    const StackRecord *stack = store.stack(container.stackId);
    std::map<std::string, std::string> labels = textMapOf(container.launchConfig, "labels");
    labels["io.rancher.container.uuid"] = container.uuid;
    labels["io.rancher.container.name"] = container.name;
    if (stack != nullptr) {
        labels["io.rancher.stack.name"] = stack->name;
        labels["io.rancher.project.name"] = stack->name;
        if (const ServiceRecord *service = store.service(container.serviceId))
            labels["io.rancher.stack_service.name"] = stack->name + "/" + service->name;
    }
    json["labels"] = labels;
    json["stackId"] = idOrNull(Kind::Stack, container.stackId);
    json["serviceId"] = idOrNull(Kind::Service, container.serviceId);
    json["serviceIds"] = container.serviceId == 0
        ? Json::array()
        : Json::array({ publicId(Kind::Service, container.serviceId) });
    json["hostId"] = hostOrNull(container);
    json["externalId"] = container.dockerId.empty() ? Json() : Json(container.dockerId);
    json["primaryIpAddress"] = container.address.empty() ? Json() : Json(container.address);
    const Json published = container.ports.empty() ? Json(textsOf(container.launchConfig, "ports"))
                                                   : container.ports;
    json["ports"] = published;
    json["startCount"] = container.startCount;
    json["healthState"] = container.health.empty() ? Json() : Json(container.health);
    json["createIndex"] = container.position;
    json["deploymentUnitUuid"] = container.serviceId == 0 ? Json()
        : container.unit.empty()                          ? Json(container.uuid)
                                                          : Json(container.unit);
    json["startOnCreate"] = true;
    json["nativeContainer"] = false;
    json["system"] = false;
    return json;
}

std::optional<Json> resourceJson(
    const ApiScope &scope, const ResourceStore &store, Kind kind, std::int64_t id)
{
    switch (kind) {
    case Kind::Stack:
        if (const StackRecord *stack = store.stack(id))
            return stackJson(scope, store, *stack);
        break;
    case Kind::Service:
        if (const ServiceRecord *service = store.service(id))
            return serviceJson(scope, store, *service);
        break;
    case Kind::Container:
        if (const ContainerRecord *container = store.container(id))
            return containerJson(scope, store, *container);
        break;
    }
    return std::nullopt;
}

} // namespace faultline::lab
