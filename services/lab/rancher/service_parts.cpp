// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/lab/rancher/service_parts.h"

#include "services/lab/store/random_text.h"

#include <algorithm>
#include <set>

namespace faultline::lab {

namespace {

constexpr int defaultStopSeconds = 10;

std::vector<std::int64_t> containersThat(
    const ResourceStore &store, std::int64_t serviceId, bool retired)
{
    std::vector<std::int64_t> ids = store.containersOfService(serviceId);
    std::erase_if(ids, [&](std::int64_t id) {
        const ContainerRecord &container = *store.container(id);
        return container.wanted == Wanted::Removed || container.retired != retired;
    });
    std::stable_sort(ids.begin(), ids.end(), [&store](std::int64_t a, std::int64_t b) {
        return store.container(a)->position < store.container(b)->position;
    });
    return ids;
}

const ServiceRecord *serviceNamed(
    const ResourceStore &store, std::int64_t stackId, const std::string &name)
{
    for (const std::int64_t id : store.servicesOfStack(stackId)) {
        if (store.service(id)->name == name)
            return store.service(id);
    }
    return nullptr;
}

std::vector<const ServiceRecord *> neededBy(
    const ResourceStore &store, const ServiceRecord &service)
{
    std::vector<const ServiceRecord *> needed;
    const auto add = [&](const Json &name) {
        const ServiceRecord *other = name.is_string()
            ? serviceNamed(store, service.stackId, name.get<std::string>())
            : nullptr;
        if (other != nullptr && other->id != service.id)
            needed.push_back(other);
    };
    for (const Json &name : service.linkedServices)
        add(name);
    for (const Json &name : service.waitsFor)
        add(name);
    return needed;
}

/// Whether `from` needs `target`, over any number of others.
bool needs(const ResourceStore &store, const ServiceRecord &from, std::int64_t target,
    std::set<std::int64_t> &visited)
{
    for (const ServiceRecord *other : neededBy(store, from)) {
        if (other->id == target
            || (visited.insert(other->id).second && needs(store, *other, target, visited)))
            return true;
    }
    return false;
}

} // namespace

std::vector<ServicePart> partsOf(const ServiceRecord &service)
{
    std::vector<ServicePart> parts{ { {}, service.launchConfig } };
    for (const Json &config : service.secondaryLaunchConfigs)
        parts.push_back({ textOf(config, "name"), config });
    return parts;
}

bool isPresentVersion(const ServiceRecord &service, const ContainerRecord &container)
{
    for (const ServicePart &part : partsOf(service)) {
        if (part.name == container.part)
            return textOf(part.launchConfig, "version", "0") == container.version();
    }
    return false;
}

std::vector<std::int64_t> countedContainers(const ResourceStore &store, std::int64_t serviceId)
{
    return containersThat(store, serviceId, false);
}

std::vector<std::int64_t> retiredContainers(const ResourceStore &store, std::int64_t serviceId)
{
    return containersThat(store, serviceId, true);
}

bool isSettled(const ContainerRecord &container)
{
    if (container.state == "running" || container.state == "paused")
        return true;
    return container.state == "stopped" && container.wanted == Wanted::Stopped;
}

int stopSecondsOf(const ContainerRecord &container)
{
    return static_cast<int>(numberOf(container.launchConfig, "stopTimeout", defaultStopSeconds));
}

bool mustWaitForOthers(const ResourceStore &store, const ServiceRecord &service)
{
    const auto needed = neededBy(store, service);
    return std::any_of(needed.begin(), needed.end(), [&](const ServiceRecord *other) {
        const bool isComing = other->wantActive && other->state != "active"
            && (other->state == "requested" || other->state == "registering"
                || other->state == "activating");
        std::set<std::int64_t> visited;
        return isComing && !needs(store, *other, service.id, visited);
    });
}

ContainerRecord newContainer(
    const ResourceStore &store, const ServiceRecord &service, int position, const ServicePart &part)
{
    const StackRecord *stack = store.stack(service.stackId);
    ContainerRecord container;
    container.name = (stack == nullptr ? std::string() : stack->name + "-") + service.name + "-"
        + (part.name.empty() ? std::string() : part.name + "-") + std::to_string(position);
    container.stackId = service.stackId;
    container.serviceId = service.id;
    container.position = position;
    container.part = part.name;
    if (service.isGlobal())
        container.hostId = position; // it is there for that host
    container.launchConfig = part.launchConfig;
    container.stopSeconds = stopSecondsOf(container);
    for (const std::int64_t id : store.containersOfService(service.id)) {
        const ContainerRecord &other = *store.container(id);
        if (other.position == position && !other.retired && other.wanted != Wanted::Removed
            && other.part != part.name && !other.unit.empty())
            container.unit = other.unit;
    }
    if (container.unit.empty())
        container.unit = randomUuid();
    return container;
}

} // namespace faultline::lab
