// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/lab/rancher/hosts.h"
#include "services/lab/rancher/service_upgrade.h"

#include <cstdint>
#include <map>
#include <set>
#include <string>

namespace faultline::lab {

/// Keeps each service at its scale and moves its state along. Lab thread.
class ServiceControl
{
public:
    ServiceControl(
        ResourceStore &store, ContainerControl &containers, Hosts &hosts, Server &server);

    [[nodiscard]] ServiceUpgrade &upgrades() { return m_upgrades; }
    /// A container of it failed its health check: the service acts as the check's strategy says.
    void unhealthy(std::int64_t containerId);
    /// A container is well again: those that waited for a quorum may be replaced now.
    void healthy(std::int64_t containerId);

    void activate(std::int64_t id);
    void deactivate(std::int64_t id);
    /// Stops and starts the containers, `batch` at a time with `pause` between.
    void restart(std::int64_t id, int batch, std::chrono::milliseconds pause);
    void scale(std::int64_t id, int scale);
    void remove(std::int64_t id);

    /// Looks at the service again; called after each change of it or of one of its containers.
    void reconcile(std::int64_t id);

private:
    void keepScale(const ServiceRecord &service);
    [[nodiscard]] std::set<int> wantedPositions(const ServiceRecord &service) const;
    void addUnit(const ServiceRecord &service, int position);
    void settle(const ServiceRecord &service);
    void tellError(const ServiceRecord &service);
    void finishRemoval(const ServiceRecord &service);
    void finishDeactivation(const ServiceRecord &service);
    void restartNext(std::int64_t id);

    /// Containers that a restart has still to do, and when its next batch may begin.
    struct Restart
    {
        std::vector<std::int64_t> waiting;
        std::vector<std::int64_t> batch;
        Timer pause;
    };

    ResourceStore &m_store;
    ContainerControl &m_containers;
    Hosts &m_hosts;
    Server &m_server;
    std::map<std::int64_t, Restart> m_restarts;
    ServiceUpgrade m_upgrades;
};

} // namespace faultline::lab
