// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/lab/rancher/stack_control.h"

#include <algorithm>
#include <utility>

namespace faultline::lab {

namespace {

Json withoutVersion(Json config)
{
    if (config.is_object())
        config.erase("version");
    return config;
}

bool isSame(const ServiceRecord &present, const ServiceRecord &wanted)
{
    if (withoutVersion(present.launchConfig) != withoutVersion(wanted.launchConfig)
        || present.secondaryLaunchConfigs.size() != wanted.secondaryLaunchConfigs.size())
        return false;
    return std::equal(present.secondaryLaunchConfigs.begin(), present.secondaryLaunchConfigs.end(),
        wanted.secondaryLaunchConfigs.begin(),
        [](const Json &a, const Json &b) { return withoutVersion(a) == withoutVersion(b); });
}

} // namespace

void StackControl::upgradeService(
    const ServiceRecord &present, const ServiceRecord &wanted, const Json &strategy)
{
    Json full{ { "type", "inServiceUpgradeStrategy" },
        { "batchSize", numberOf(strategy, "batchSize", 1) },
        { "intervalMillis", numberOf(strategy, "intervalMillis", 2000) },
        { "startFirst", truthOf(strategy, "startFirst") }, { "launchConfig", wanted.launchConfig },
        { "secondaryLaunchConfigs", wanted.secondaryLaunchConfigs } };
    m_services.upgrades().begin(present.id, full);
}

void StackControl::upgrade(std::int64_t id, StackUpgrade wanted)
{
    std::map<std::string, std::int64_t> present;
    for (const std::int64_t service : m_store.servicesOfStack(id)) {
        const ServiceRecord &record = *m_store.service(service);
        present[record.name] = service;
        if (record.state != "active" && record.state != "inactive" && wanted.problem.empty())
            wanted.problem = "Service " + record.name
                + " must be active or inactive to be upgraded, not " + record.state + ".";
    }
    const bool isStarted = m_store.stack(id)->startOnCreate;
    m_store.changeStack(id, [&wanted](StackRecord &stack) {
        stack.upgrade = { { "previousExternalId", stack.externalId },
            { "previousEnvironment", stack.environment }, { "message", wanted.problem } };
        stack.externalId = wanted.externalId;
        stack.environment = wanted.environment;
        stack.error.clear();
        stack.state = "upgrading";
    });
    if (wanted.problem.empty()) {
        int index = static_cast<int>(present.size());
        std::vector<std::int64_t> added;
        for (ServiceRecord &service : wanted.services) {
            const auto known = present.find(service.name);
            if (known == present.end()) {
                service.stackId = id;
                service.createIndex = ++index;
                service.wantActive = service.startOnCreate && isStarted;
                added.push_back(m_store.add(std::move(service)).id);
            } else if (!isSame(*m_store.service(known->second), service)) {
                upgradeService(
                    *m_store.service(known->second), service, wanted.strategies[service.name]);
            }
        }
        for (const std::int64_t service : added)
            m_services.reconcile(service);
    }
    reconcile(id);
}

void StackControl::finishUpgrade(std::int64_t id)
{
    m_store.changeStack(id, [](StackRecord &stack) { stack.state = "finishing-upgrade"; });
    for (const std::int64_t service : m_store.servicesOfStack(id)) {
        if (m_store.service(service)->state == "upgraded")
            m_services.upgrades().finish(service);
    }
    reconcile(id);
}

void StackControl::rollBack(std::int64_t id)
{
    m_store.changeStack(id, [](StackRecord &stack) {
        stack.state = "rolling-back";
        stack.error.clear();
        stack.externalId = textOf(stack.upgrade, "previousExternalId");
        stack.environment = textMapOf(stack.upgrade, "previousEnvironment");
        stack.upgrade["message"] = "";
    });
    for (const std::int64_t service : m_store.servicesOfStack(id)) {
        const std::string &state = m_store.service(service)->state;
        if (state == "upgrading" || state == "upgraded" || state == "canceled-upgrade")
            m_services.upgrades().rollBack(service);
    }
    reconcile(id);
}

void StackControl::cancelUpgrade(std::int64_t id)
{
    m_store.changeStack(id, [](StackRecord &stack) {
        stack.state = "canceling-upgrade";
        stack.upgrade["message"] = "";
    });
    for (const std::int64_t service : m_store.servicesOfStack(id)) {
        if (m_store.service(service)->state == "upgrading")
            m_services.upgrades().cancel(service);
    }
    m_store.changeStack(id, [](StackRecord &stack) { stack.state = "canceled-upgrade"; });
}

void StackControl::settleUpgrade(const StackRecord &stack)
{
    const std::string state = stack.state;
    if ((state != "upgrading" && state != "finishing-upgrade" && state != "rolling-back")
        || !textOf(stack.upgrade, "message").empty())
        return;
    const auto services = m_store.servicesOfStack(stack.id);
    const bool isThere = std::all_of(services.begin(), services.end(), [&](std::int64_t id) {
        const std::string &now = m_store.service(id)->state;
        return now == "active" || now == "inactive" || (state == "upgrading" && now == "upgraded");
    });
    if (!isThere)
        return;
    m_store.changeStack(stack.id, [&state](StackRecord &record) {
        record.state = state == "upgrading" ? "upgraded" : "active";
        if (state != "upgrading")
            record.upgrade = nullptr;
    });
}

} // namespace faultline::lab
