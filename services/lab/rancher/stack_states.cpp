// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/lab/rancher/stack_states.h"

#include <algorithm>
#include <array>
#include <set>
#include <string_view>

namespace faultline::lab {

namespace {

template <std::size_t N>
bool isOneOf(const std::string &text, const std::array<std::string_view, N> &words)
{
    return std::find(words.begin(), words.end(), text) != words.end();
}

constexpr std::array<std::string_view, 21> transitional{ "requested", "registering", "creating",
    "activating", "deactivating", "updating-active", "updating-inactive", "updating-running",
    "updating-stopped", "starting", "stopping", "restarting", "removing", "purging", "erroring",
    "upgrading", "finishing-upgrade", "canceling-upgrade", "rolling-back", "provisioning",
    "migrating" };

constexpr std::array<std::string_view, 3> gone{ "removed", "purging", "purged" };

} // namespace

bool isTransitional(const std::string &state)
{
    return isOneOf(state, transitional);
}

std::string transitioningOf(const ResourceRecord &record)
{
    if (!record.error.empty())
        return "error";
    return isTransitional(record.state) ? "yes" : "no";
}

std::vector<std::string> stackActions(const StackRecord &stack)
{
    if (stack.state == "removing" || isOneOf(stack.state, gone))
        return {};
    std::vector<std::string> actions{ "activateservices", "deactivateservices", "exportconfig",
        "update", "remove" };
    const std::string &state = stack.state;
    if (state == "active" || state == "canceled-upgrade")
        actions.emplace_back("upgrade");
    if (state == "upgraded")
        actions.emplace_back("finishupgrade");
    if (state == "upgrading")
        actions.emplace_back("cancelupgrade");
    if (state == "upgrading" || state == "upgraded" || state == "canceled-upgrade")
        actions.emplace_back("rollback");
    return actions;
}

std::vector<std::string> serviceActions(const ServiceRecord &service)
{
    const std::string &state = service.state;
    if (state == "removing" || isOneOf(state, gone))
        return {};
    std::vector<std::string> actions{ "update", "remove" };
    if (state == "inactive")
        actions.emplace_back("activate");
    if (isOneOf(state,
            std::array<std::string_view, 4>{
                "active", "activating", "updating-active", "restarting" }))
        actions.emplace_back("deactivate");
    if (state == "active" || state == "updating-active")
        actions.emplace_back("restart");
    if (isOneOf(state,
            std::array<std::string_view, 4>{
                "active", "activating", "inactive", "updating-active" }))
        actions.emplace_back("upgrade");
    if (state == "upgraded")
        actions.emplace_back("finishupgrade");
    if (state == "upgrading")
        actions.emplace_back("cancelupgrade");
    if (state == "canceled-upgrade")
        actions.emplace_back("continueupgrade");
    if (state == "upgrading" || state == "upgraded" || state == "canceled-upgrade")
        actions.emplace_back("rollback");
    for (const char *link : { "addservicelink", "removeservicelink", "setservicelinks" })
        actions.emplace_back(link);
    return actions;
}

std::vector<std::string> containerActions(const ContainerRecord &container)
{
    const std::string &state = container.state;
    if (state == "removed")
        return { "purge" };
    if (state == "removing" || isOneOf(state, gone))
        return {};
    std::vector<std::string> actions{ "update", "remove" };
    if (state == "running" || state == "stopped" || state == "stopping")
        actions.emplace_back("logs");
    if (state == "running")
        actions.emplace_back("execute");
    if (state == "stopped" || state == "error")
        actions.emplace_back("start");
    if (isOneOf(state,
            std::array<std::string_view, 4>{ "running", "paused", "starting", "restarting" }))
        actions.emplace_back("stop");
    if (state == "running" || state == "paused")
        actions.emplace_back("restart");
    return actions;
}

std::string serviceHealth(
    const ServiceRecord &service, const std::vector<const ContainerRecord *> &containers)
{
    int good = 0;
    int once = 0;
    bool initializing = false;
    std::set<int> positions;
    for (const ContainerRecord *container : containers) {
        if (container->wanted == Wanted::Removed || container->retired)
            continue;
        positions.insert(container->position);
        const bool isWell = container->health.empty() || container->health == "healthy";
        if (container->state == "running" && isWell)
            ++good;
        else if (container->state == "running"
            && (container->health == "initializing" || container->health == "reinitializing"))
            initializing = true;
        else if (container->startsOnce() && container->state == "stopped"
            && container->startCount > 0)
            ++once;
        else if (container->startCount == 0 && isTransitional(container->state))
            initializing = true;
    }
    const int units = service.isGlobal() ? static_cast<int>(positions.size()) : service.scale;
    const int expected = units * (1 + static_cast<int>(service.secondaryLaunchConfigs.size()));
    if (good + once >= expected)
        return once > 0 && good == 0 ? "started-once" : "healthy";
    if (initializing)
        return "initializing";
    return good + once > 0 ? "degraded" : "unhealthy";
}

std::string stackHealth(const std::vector<ServiceCondition> &services)
{
    std::size_t counted = 0;
    std::size_t good = 0;
    std::size_t once = 0;
    bool initializing = false;
    bool someLife = false;
    for (const ServiceCondition &service : services) {
        if (service.state == "removing" || isOneOf(service.state, gone))
            continue;
        ++counted;
        const bool working = isOneOf(service.state,
            std::array<std::string_view, 3>{ "active", "activating", "updating-active" });
        if (working && service.health == "healthy")
            ++good;
        else if (working && service.health == "started-once")
            ++once;
        else if (working && service.health == "initializing")
            initializing = true;
        else if (working && service.health == "degraded")
            someLife = true;
    }
    if (good + once == counted)
        return counted > 0 && good == 0 ? "started-once" : "healthy";
    if (initializing)
        return "initializing";
    return good + once > 0 || someLife ? "degraded" : "unhealthy";
}

} // namespace faultline::lab
