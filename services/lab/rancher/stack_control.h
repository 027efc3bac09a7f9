// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/lab/rancher/service_control.h"

#include <cstdint>
#include <set>
#include <string>
#include <vector>

namespace faultline::lab {

/// What a stack is to become.
struct StackUpgrade
{
    std::vector<ServiceRecord> services; ///< as new compose files say; empty: nothing to change
    std::map<std::string, Json> strategies; ///< batchSize, … by service
    std::map<std::string, std::string> environment;
    std::string externalId;
    std::string problem; ///< why the files can't be used
};

/// Creates and removes stacks and moves their states along. Lab thread.
class StackControl
{
public:
    StackControl(ResourceStore &store, ServiceControl &services, Hosts &hosts, Workers &workers,
        Server &server);

    /// Adds the stack with its services (whose stackId is filled in) and sets them going.
    const StackRecord &create(StackRecord stack, std::vector<ServiceRecord> services);
    void activateServices(std::int64_t id);
    void deactivateServices(std::int64_t id);
    void remove(std::int64_t id);

    /// Upgrades the services that differ and adds new ones; scales stay, and nothing is removed
    /// (facts: rancher.md §4). A problem leaves the stack in "upgrading" with its words.
    void upgrade(std::int64_t id, StackUpgrade wanted);
    void finishUpgrade(std::int64_t id);
    void rollBack(std::int64_t id);
    void cancelUpgrade(std::int64_t id);

    void reconcile(std::int64_t id);

private:
    void settle(const StackRecord &stack);
    void settleUpgrade(const StackRecord &stack);
    void upgradeService(
        const ServiceRecord &present, const ServiceRecord &wanted, const Json &strategy);
    void finishRemoval(const StackRecord &stack);
    [[nodiscard]] std::vector<ContainerWork *> enginesOf(const StackRecord &stack) const;
    void leftoversRemoved(std::int64_t id, const FromEngine<void> &outcome);

    ResourceStore &m_store;
    ServiceControl &m_services;
    Hosts &m_hosts;
    Workers &m_workers;
    Server &m_server;
    std::set<std::int64_t> m_clearing; ///< stacks whose network is being removed
    std::map<std::int64_t, int> m_clearingFailures;
    std::map<std::int64_t, Timer> m_again;
};

} // namespace faultline::lab
