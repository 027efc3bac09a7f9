// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/lab/rancher/service_control.h"

#include "services/lab/rancher/service_parts.h"
#include "services/lab/rancher/stack_states.h"

#include <algorithm>
#include <set>
#include <utility>

namespace faultline::lab {

namespace {

constexpr int removalStopSeconds = 2;

} // namespace

ServiceControl::ServiceControl(
    ResourceStore &store, ContainerControl &containers, Hosts &hosts, Server &server)
    : m_store(store)
    , m_containers(containers)
    , m_hosts(hosts)
    , m_server(server)
    , m_upgrades(store, containers, server)
{
    m_upgrades.onPauseOver = [this](std::int64_t id) { reconcile(id); };
}

void ServiceControl::activate(std::int64_t id)
{
    m_store.changeService(id, [](ServiceRecord &service) {
        service.wantActive = true;
        service.error.clear();
        service.state = "activating";
    });
    for (const std::int64_t container : countedContainers(m_store, id))
        m_containers.start(container);
    reconcile(id);
}

void ServiceControl::deactivate(std::int64_t id)
{
    m_restarts.erase(id);
    m_store.changeService(id, [](ServiceRecord &service) {
        service.wantActive = false;
        service.error.clear();
        service.state = "deactivating";
    });
    for (const std::int64_t container : countedContainers(m_store, id))
        m_containers.stop(container, stopSecondsOf(*m_store.container(container)));
    reconcile(id);
}

void ServiceControl::scale(std::int64_t id, int scale)
{
    m_store.changeService(id, [scale](ServiceRecord &service) {
        if (service.scale == scale)
            return;
        service.scale = scale;
        if (service.state == "active")
            service.state = "updating-active";
    });
    reconcile(id);
}

void ServiceControl::remove(std::int64_t id)
{
    m_restarts.erase(id);
    m_store.changeService(id, [](ServiceRecord &service) {
        service.wantActive = false;
        service.error.clear();
        service.state = "removing";
    });
    for (const std::int64_t container : m_store.containersOfService(id))
        m_containers.remove(container, removalStopSeconds);
    reconcile(id);
}

void ServiceControl::restart(std::int64_t id, int batch, std::chrono::milliseconds pause)
{
    m_store.changeService(id, [&](ServiceRecord &service) {
        service.state = "restarting";
        service.restartBatch = std::max(batch, 1);
        service.restartPause = pause.count();
    });
    m_restarts[id] = { countedContainers(m_store, id), {}, {} };
    restartNext(id);
}

void ServiceControl::restartNext(std::int64_t id)
{
    const auto found = m_restarts.find(id);
    const ServiceRecord *service = m_store.service(id);
    if (found == m_restarts.end() || service == nullptr)
        return;
    Restart &restart = found->second;
    if (restart.pause.isRunning())
        return;
    const bool batchDone
        = std::all_of(restart.batch.begin(), restart.batch.end(), [this](std::int64_t container) {
              const ContainerRecord *record = m_store.container(container);
              return record == nullptr || record->removed != 0
                  || (!record->restartWanted && record->state == "running")
                  || record->state == "error";
          });
    if (!batchDone)
        return;
    if (restart.waiting.empty()) {
        m_restarts.erase(found);
        m_store.changeService(id, [](ServiceRecord &record) { record.state = "active"; });
        return;
    }
    if (!restart.batch.empty()) {
        restart.batch.clear();
        restart.pause = m_server.after(
            std::chrono::milliseconds(service->restartPause), [this, id] { restartNext(id); });
        return;
    }
    const auto count = std::min<std::size_t>(
        static_cast<std::size_t>(service->restartBatch), restart.waiting.size());
    const auto end = restart.waiting.begin() + static_cast<std::ptrdiff_t>(count);
    restart.batch.assign(restart.waiting.begin(), end);
    restart.waiting.erase(restart.waiting.begin(), end);
    const std::vector<std::int64_t> batch = restart.batch;
    for (const std::int64_t container : batch)
        m_containers.restart(container);
}

void ServiceControl::reconcile(std::int64_t id)
{
    const ServiceRecord *service = m_store.service(id);
    if (service == nullptr || service->removed != 0)
        return;
    if (service->state == "requested") {
        m_store.changeService(id, [](ServiceRecord &record) { record.state = "registering"; });
        m_store.changeService(id, [](ServiceRecord &record) {
            record.state = record.wantActive ? "activating" : "inactive";
        });
    }
    if (service->state == "removing")
        return finishRemoval(*service);
    if (service->state == "deactivating")
        return finishDeactivation(*service);
    const std::string state = service->state;
    if (state == "upgrading" || state == "finishing-upgrade" || state == "rolling-back") {
        m_upgrades.advance(id);
        return tellError(*service);
    }
    if (state == "upgraded" || state == "canceled-upgrade")
        return tellError(*service);
    keepScale(*service);
    if (service->state == "restarting" && m_restarts.count(id) == 0)
        m_restarts[id]
            = { countedContainers(m_store, id), {}, {} }; // the lab was restarted meanwhile
    if (service->state == "restarting")
        return restartNext(id);
    if (service->wantActive)
        settle(*service);
}

/// A global service has the number of each of its hosts; another one keeps its lowest positions.
std::set<int> ServiceControl::wantedPositions(const ServiceRecord &service) const
{
    std::set<int> wanted;
    if (service.isGlobal()) {
        for (const std::int64_t host : globalHosts(service, m_store, m_hosts.places()))
            wanted.insert(static_cast<int>(host));
        return wanted;
    }
    for (const std::int64_t id : countedContainers(m_store, service.id))
        wanted.insert(m_store.container(id)->position);
    const auto units = static_cast<std::size_t>(service.scale);
    while (wanted.size() > units)
        wanted.erase(std::prev(wanted.end()));
    for (int position = 1; wanted.size() < units; ++position)
        wanted.insert(position);
    return wanted;
}

void ServiceControl::keepScale(const ServiceRecord &service)
{
    const std::set<int> wanted = wantedPositions(service);
    for (const std::int64_t id : countedContainers(m_store, service.id)) {
        if (wanted.count(m_store.container(id)->position) == 0)
            m_containers.remove(id, removalStopSeconds);
    }
    const bool isFirst = countedContainers(m_store, service.id).empty();
    if (!service.wantActive || (isFirst && mustWaitForOthers(m_store, service)))
        return;
    for (const int position : wanted)
        addUnit(service, position);
}

void ServiceControl::addUnit(const ServiceRecord &service, int position)
{
    std::set<std::string> present;
    for (const std::int64_t id : countedContainers(m_store, service.id)) {
        if (m_store.container(id)->position == position)
            present.insert(m_store.container(id)->part);
    }
    for (const ServicePart &part : partsOf(service)) {
        if (present.count(part.name) == 0)
            m_containers.drive(m_store.add(newContainer(m_store, service, position, part)).id);
    }
}

void ServiceControl::unhealthy(std::int64_t containerId)
{
    const ContainerRecord *container = m_store.container(containerId);
    const ServiceRecord *service
        = container == nullptr ? nullptr : m_store.service(container->serviceId);
    if (service == nullptr || container->retired || !service->wantActive)
        return;
    const Json &check = objectOf(container->launchConfig, "healthCheck");
    const std::string strategy = textOf(check, "strategy", "recreate");
    if (strategy == "none")
        return;
    if (strategy == "recreateOnQuorum") {
        const auto ids = countedContainers(m_store, service->id);
        const auto healthy = std::count_if(ids.begin(), ids.end(),
            [this](std::int64_t id) { return m_store.container(id)->health == "healthy"; });
        if (healthy < numberOf(objectOf(check, "recreateOnQuorumStrategyConfig"), "quorum", 1))
            return;
    }
    m_containers.remove(containerId, removalStopSeconds);
}

void ServiceControl::healthy(std::int64_t containerId)
{
    const ContainerRecord *container = m_store.container(containerId);
    const Json &check
        = container == nullptr ? Json() : objectOf(container->launchConfig, "healthCheck");
    if (container == nullptr || textOf(check, "strategy") != "recreateOnQuorum")
        return;
    for (const std::int64_t id : countedContainers(m_store, container->serviceId)) {
        const ContainerRecord *other = m_store.container(id);
        if (other != nullptr && other->health == "unhealthy" && other->state == "running")
            unhealthy(id);
    }
}

void ServiceControl::tellError(const ServiceRecord &service)
{
    std::string error;
    for (const std::int64_t id : countedContainers(m_store, service.id)) {
        const ContainerRecord &container = *m_store.container(id);
        if (error.empty() && !container.error.empty())
            error = container.name + ": " + container.error;
    }
    m_store.changeService(service.id, [&error](ServiceRecord &record) { record.error = error; });
}

void ServiceControl::settle(const ServiceRecord &service)
{
    const std::vector<std::int64_t> ids = countedContainers(m_store, service.id);
    const std::size_t expected = wantedPositions(service).size() * partsOf(service).size();
    const bool settled = ids.size() == expected
        && m_store.containersOfService(service.id).size() == ids.size()
        && std::all_of(ids.begin(), ids.end(),
            [this](std::int64_t id) { return isSettled(*m_store.container(id)); });
    for (const std::int64_t id : ids) {
        if (isTransitional(m_store.container(id)->state))
            m_containers.drive(id); // it may have waited for another one of its unit
    }
    tellError(service);
    if (settled)
        m_store.changeService(service.id, [](ServiceRecord &record) { record.state = "active"; });
}

void ServiceControl::finishRemoval(const ServiceRecord &service)
{
    for (const std::int64_t id : m_store.containersOfService(service.id))
        m_containers.remove(id, removalStopSeconds);
    if (!m_store.containersOfService(service.id).empty())
        return;
    m_store.changeService(service.id, [](ServiceRecord &record) {
        record.state = "removed";
        record.removed = nowMs();
    });
}

void ServiceControl::finishDeactivation(const ServiceRecord &service)
{
    const std::vector<std::int64_t> ids = countedContainers(m_store, service.id);
    const bool still = std::all_of(ids.begin(), ids.end(), [this](std::int64_t id) {
        const ContainerRecord &container = *m_store.container(id);
        return container.state == "stopped" || container.state == "error";
    });
    if (still)
        m_store.changeService(service.id, [](ServiceRecord &record) { record.state = "inactive"; });
}

} // namespace faultline::lab
