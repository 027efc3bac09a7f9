// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/lab/rancher/service_control.h"

#include <cstdint>
#include <set>
#include <string>
#include <vector>

namespace faultline::lab {

/// Creates and removes stacks and moves their states along. Lab thread.
class StackControl
{
public:
    StackControl(ResourceStore &store, ServiceControl &services, ContainerWork &work,
        Workers &workers, Server &server);

    /// Adds the stack with its services (whose stackId is filled in) and sets them going.
    const StackRecord &create(StackRecord stack, std::vector<ServiceRecord> services);
    void activateServices(std::int64_t id);
    void deactivateServices(std::int64_t id);
    void remove(std::int64_t id);

    void reconcile(std::int64_t id);

private:
    void settle(const StackRecord &stack);
    void finishRemoval(const StackRecord &stack);
    void leftoversRemoved(std::int64_t id, const FromEngine<void> &outcome);

    ResourceStore &m_store;
    ServiceControl &m_services;
    ContainerWork &m_work;
    Workers &m_workers;
    Server &m_server;
    std::set<std::int64_t> m_clearing; ///< stacks whose network is being removed
    std::map<std::int64_t, int> m_clearingFailures;
    std::map<std::int64_t, Timer> m_again;
};

} // namespace faultline::lab
