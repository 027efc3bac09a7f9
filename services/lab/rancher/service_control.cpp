// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/lab/rancher/service_control.h"

#include <algorithm>
#include <set>
#include <utility>

namespace faultline::lab {

namespace {

constexpr int defaultStopSeconds = 10;
constexpr int removalStopSeconds = 2;

bool isSettled(const ContainerRecord &container)
{
    if (container.state == "running" || container.state == "paused")
        return true;
    // Stopped by hand, or done with its only run.
    return container.state == "stopped" && container.wanted == Wanted::Stopped;
}

int stopSecondsOf(const ContainerRecord &container)
{
    return static_cast<int>(numberOf(container.launchConfig, "stopTimeout", defaultStopSeconds));
}

} // namespace

ServiceControl::ServiceControl(ResourceStore &store, ContainerControl &containers, Server &server)
    : m_store(store)
    , m_containers(containers)
    , m_server(server)
{
}

std::vector<std::int64_t> ServiceControl::kept(std::int64_t id) const
{
    std::vector<std::int64_t> ids = m_store.containersOfService(id);
    std::erase_if(ids, [this](std::int64_t container) {
        return m_store.container(container)->wanted == Wanted::Removed;
    });
    std::sort(ids.begin(), ids.end(), [this](std::int64_t a, std::int64_t b) {
        return m_store.container(a)->position < m_store.container(b)->position;
    });
    return ids;
}

void ServiceControl::activate(std::int64_t id)
{
    m_store.changeService(id, [](ServiceRecord &service) {
        service.wantActive = true;
        service.error.clear();
        service.state = "activating";
    });
    for (const std::int64_t container : kept(id))
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
    for (const std::int64_t container : kept(id))
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
    for (const std::int64_t container : kept(id))
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
    m_restarts[id] = { kept(id), {}, {} };
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
    keepScale(*service);
    if (service->state == "restarting" && m_restarts.count(id) == 0)
        m_restarts[id] = { kept(id), {}, {} }; // the lab was restarted meanwhile
    if (service->state == "restarting")
        return restartNext(id);
    if (service->wantActive)
        settle(*service);
}

void ServiceControl::keepScale(const ServiceRecord &service)
{
    std::vector<std::int64_t> ids = kept(service.id);
    while (ids.size() > static_cast<std::size_t>(service.scale)) {
        m_containers.remove(ids.back(), removalStopSeconds);
        ids.pop_back();
    }
    if (!service.wantActive)
        return;
    std::set<int> taken;
    for (const std::int64_t id : ids)
        taken.insert(m_store.container(id)->position);
    std::size_t count = ids.size();
    for (int position = 1; count < static_cast<std::size_t>(service.scale); ++position) {
        if (taken.insert(position).second) {
            addContainer(service, position);
            ++count;
        }
    }
}

void ServiceControl::addContainer(const ServiceRecord &service, int position)
{
    const StackRecord *stack = m_store.stack(service.stackId);
    ContainerRecord container;
    container.name = (stack == nullptr ? std::string() : stack->name + "-") + service.name + "-"
        + std::to_string(position);
    container.stackId = service.stackId;
    container.serviceId = service.id;
    container.position = position;
    container.launchConfig = service.launchConfig;
    container.stopSeconds
        = static_cast<int>(numberOf(service.launchConfig, "stopTimeout", defaultStopSeconds));
    m_containers.drive(m_store.add(std::move(container)).id);
}

void ServiceControl::settle(const ServiceRecord &service)
{
    const std::vector<std::int64_t> ids = kept(service.id);
    std::string error;
    bool settled = ids.size() == static_cast<std::size_t>(service.scale)
        && m_store.containersOfService(service.id).size() == ids.size();
    for (const std::int64_t id : ids) {
        const ContainerRecord &container = *m_store.container(id);
        settled = settled && isSettled(container);
        if (error.empty() && !container.error.empty())
            error = container.name + ": " + container.error;
    }
    m_store.changeService(service.id, [&](ServiceRecord &record) {
        record.error = error;
        if (settled)
            record.state = "active";
    });
}

void ServiceControl::finishRemoval(const ServiceRecord &service)
{
    for (const std::int64_t id : kept(service.id))
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
    const std::vector<std::int64_t> ids = kept(service.id);
    const bool still = std::all_of(ids.begin(), ids.end(), [this](std::int64_t id) {
        const ContainerRecord &container = *m_store.container(id);
        return container.state == "stopped" || container.state == "error";
    });
    if (still)
        m_store.changeService(service.id, [](ServiceRecord &record) { record.state = "inactive"; });
}

} // namespace faultline::lab
