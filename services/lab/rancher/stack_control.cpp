// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/lab/rancher/stack_control.h"

#include "services/lab/rancher/container_plan.h"

#include <algorithm>
#include <utility>

namespace faultline::lab {

namespace {

constexpr std::chrono::milliseconds retryAfter(500);
constexpr int quietFailures = 4;

} // namespace

StackControl::StackControl(
    ResourceStore &store, ServiceControl &services, Hosts &hosts, Workers &workers, Server &server)
    : m_store(store)
    , m_services(services)
    , m_hosts(hosts)
    , m_workers(workers)
    , m_server(server)
{
}

const StackRecord &StackControl::create(StackRecord stack, std::vector<ServiceRecord> services)
{
    stack.state = "activating";
    const StackRecord &kept = m_store.add(std::move(stack));
    int index = 0;
    std::vector<std::int64_t> added;
    for (ServiceRecord &service : services) {
        service.stackId = kept.id;
        service.createIndex = ++index;
        service.wantActive = service.startOnCreate && kept.startOnCreate;
        added.push_back(m_store.add(std::move(service)).id);
    }
    // Only now: a service may wait for one that comes after it in the file.
    for (const std::int64_t service : added)
        m_services.reconcile(service);
    reconcile(kept.id);
    return kept;
}

void StackControl::activateServices(std::int64_t id)
{
    for (const std::int64_t service : m_store.servicesOfStack(id)) {
        const ServiceRecord &record = *m_store.service(service);
        if (record.state == "inactive" || !record.error.empty())
            m_services.activate(service);
    }
    m_store.changeStack(id, [](StackRecord &stack) {
        if (stack.state == "error") {
            stack.state = "activating";
            stack.error.clear();
        }
    });
    reconcile(id);
}

void StackControl::deactivateServices(std::int64_t id)
{
    for (const std::int64_t service : m_store.servicesOfStack(id)) {
        const std::string &state = m_store.service(service)->state;
        if (state != "inactive" && state != "deactivating" && state != "removing")
            m_services.deactivate(service);
    }
    reconcile(id);
}

void StackControl::remove(std::int64_t id)
{
    m_store.changeStack(id, [](StackRecord &stack) {
        stack.state = "removing";
        stack.error.clear();
    });
    for (const std::int64_t service : m_store.servicesOfStack(id))
        m_services.remove(service);
    reconcile(id);
}

void StackControl::reconcile(std::int64_t id)
{
    const StackRecord *stack = m_store.stack(id);
    if (stack == nullptr || stack->removed != 0)
        return;
    if (stack->state == "removing")
        finishRemoval(*stack);
    else if (stack->state == "activating" || stack->state == "error")
        settle(*stack);
    else
        settleUpgrade(*stack);
}

void StackControl::settle(const StackRecord &stack)
{
    std::string error;
    bool settled = true;
    for (const std::int64_t id : m_store.servicesOfStack(stack.id)) {
        const ServiceRecord &service = *m_store.service(id);
        settled = settled
            && (service.state == "active" || service.state == "inactive"
                || service.state == "removing");
        if (error.empty() && !service.error.empty())
            error = service.error;
    }
    if (!error.empty() && stack.state == "activating")
        m_store.changeStack(stack.id, [](StackRecord &record) { record.state = "erroring"; });
    m_store.changeStack(stack.id, [&](StackRecord &record) {
        record.error = error;
        if (!error.empty())
            record.state = "error";
        else if (settled)
            record.state = "active";
        else
            record.state = "activating";
    });
}

void StackControl::finishRemoval(const StackRecord &stack)
{
    const auto services = m_store.servicesOfStack(stack.id);
    for (const std::int64_t id : services) {
        if (m_store.service(id)->state != "removing")
            m_services.remove(id);
    }
    const bool contained = std::any_of(
        m_store.containers().begin(), m_store.containers().end(), [&stack](const auto &entry) {
            return entry.second.stackId == stack.id && entry.second.removed == 0;
        });
    if (!m_store.servicesOfStack(stack.id).empty() || contained
        || !m_clearing.insert(stack.id).second)
        return;
    m_workers.run([this, id = stack.id, engines = enginesOf(stack),
                      label = stackUuidLabel + ("=" + stack.uuid)] {
        FromEngine<void> outcome;
        for (ContainerWork *engine : engines) {
            if (const auto removed = engine->removeStackLeftovers(label); !removed)
                outcome = removed;
        }
        m_server.post([this, id, outcome] { leftoversRemoved(id, outcome); });
    });
}

/// Those that are there, and those that had a container of the stack and are not.
std::vector<ContainerWork *> StackControl::enginesOf(const StackRecord &stack) const
{
    std::set<std::int64_t> used;
    for (const auto &[id, container] : m_store.containers()) {
        if (container.stackId == stack.id)
            used.insert(container.hostId);
    }
    std::vector<ContainerWork *> engines;
    for (const auto &host : m_hosts.all()) {
        if (host->facts.connected || used.count(host->id) != 0)
            engines.push_back(&host->work);
    }
    return engines;
}

void StackControl::leftoversRemoved(std::int64_t id, const FromEngine<void> &outcome)
{
    m_clearing.erase(id);
    if (!outcome) {
        // The engine frees a container's address a moment after the container is gone.
        if (++m_clearingFailures[id] >= quietFailures)
            m_store.changeStack(
                id, [&outcome](StackRecord &stack) { stack.error = outcome.error().message; });
        m_again[id] = m_server.after(retryAfter, [this, id] { reconcile(id); });
        return;
    }
    m_again.erase(id);
    m_clearingFailures.erase(id);
    m_store.changeStack(id, [](StackRecord &stack) {
        stack.error.clear();
        stack.state = "removed";
        stack.removed = nowMs();
    });
}

} // namespace faultline::lab
