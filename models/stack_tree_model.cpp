// SPDX-License-Identifier: GPL-3.0-or-later
// Applying deltas: values into nodes, nodes into rows.
#include "models/stack_tree_model.h"

#include <algorithm>

namespace faultline::models {

using domain::Container;
using domain::ContainerId;
using domain::Service;
using domain::ServiceId;
using domain::Stack;
using domain::StackId;

StackTreeModel::StackTreeModel(Clock clock, QObject *parent)
    : QAbstractItemModel(parent)
    , m_clock(clock ? std::move(clock) : Clock(&QDateTime::currentDateTimeUtc))
    , m_root(std::make_unique<Node>(StackNodeKind::Root))
{
    m_root->isAttached = true;
}

StackTreeModel::~StackTreeModel() = default;

void StackTreeModel::apply(const stacks::StackDelta &delta)
{
    hold(delta);
    if (delta.stacks.isSnapshot) {
        m_orphanServices.clear();
        m_orphanContainers.clear();
    }
    applyHosts(delta.hosts);
    if (delta.stacks.isSnapshot && !isEmpty() && !sharesStack(delta)) {
        replaceAll(delta);
        return;
    }
    if (delta.stacks.isSnapshot && !isEmpty())
        removeAbsent(delta);
    removeListed(delta);
    upsertAll(delta);
    reportChanged();
    insertFresh();
    dropEmptyStandalone();
    reconcileWaiting();
}

/// A first or quite new snapshot is kept as it is, and nodes borrow from it: nothing is copied.
void StackTreeModel::hold(const stacks::StackDelta &delta)
{
    m_borrows = delta.stacks.isSnapshot && (isEmpty() || !sharesStack(delta));
    if (m_borrows && isEmpty())
        m_held = delta;
}

bool StackTreeModel::sharesStack(const stacks::StackDelta &delta) const
{
    return std::any_of(delta.stacks.added.begin(), delta.stacks.added.end(),
        [this](const Stack &stack) { return m_stacks.contains(stack.id); });
}

void StackTreeModel::replaceAll(const stacks::StackDelta &delta)
{
    beginResetModel();
    m_stacks.clear();
    m_services.clear();
    m_containers.clear();
    m_orphanServices.clear();
    m_orphanContainers.clear();
    m_changed.clear();
    m_toReconcile.clear();
    m_standalone = nullptr;
    m_root->rows.clear();
    m_root->hidden.clear();
    m_root->matchesBelow = 0;
    m_held = delta;
    upsertAll(delta);
    for (auto &[parent, node] : m_fresh) {
        prepare(*node);
        parent->rows.push_back(std::move(node));
    }
    m_fresh.clear();
    sortRows(*m_root);
    matchDeep(*m_root);
    partitionDeep(*m_root, false);
    endResetModel();
}

void StackTreeModel::removeAbsent(const stacks::StackDelta &delta)
{
    const auto absent = [](const auto &known, const auto &values) {
        QSet<std::remove_cvref_t<decltype(values.front().id)>> present;
        present.reserve(values.size());
        for (const auto &value : values)
            present.insert(value.id);
        Nodes gone;
        for (auto entry = known.cbegin(); entry != known.cend(); ++entry) {
            if (!present.contains(entry.key()))
                gone.push_back(entry.value());
        }
        return gone;
    };
    removeNodes(absent(m_containers, delta.containers.added));
    removeNodes(absent(m_services, delta.services.added));
    removeNodes(absent(m_stacks, delta.stacks.added));
}

void StackTreeModel::removeListed(const stacks::StackDelta &delta)
{
    Nodes containers;
    for (const ContainerId &id : delta.containers.removed) {
        m_orphanContainers.remove(id);
        if (Node *node = m_containers.value(id))
            containers.push_back(node);
    }
    removeNodes(std::move(containers));
    Nodes services;
    for (const ServiceId &id : delta.services.removed) {
        m_orphanServices.remove(id);
        if (Node *node = m_services.value(id))
            services.push_back(node);
    }
    removeNodes(std::move(services));
    Nodes gone;
    for (const StackId &id : delta.stacks.removed) {
        if (Node *node = m_stacks.value(id))
            gone.push_back(node);
    }
    removeNodes(std::move(gone));
}

void StackTreeModel::upsertAll(const stacks::StackDelta &delta)
{
    m_stacks.reserve(m_stacks.size() + delta.stacks.added.size());
    m_services.reserve(m_services.size() + delta.services.added.size());
    m_containers.reserve(m_containers.size() + delta.containers.added.size());
    for (const QList<Stack> *list : { &delta.stacks.added, &delta.stacks.changed }) {
        for (const Stack &stack : *list)
            upsertStack(stack);
    }
    for (const QList<Service> *list : { &delta.services.added, &delta.services.changed }) {
        for (const Service &service : *list)
            upsertService(service);
    }
    for (const QList<Container> *list : { &delta.containers.added, &delta.containers.changed }) {
        for (const Container &container : *list)
            upsertContainer(container);
    }
    attachOrphans();
}

void StackTreeModel::applyHosts(const stacks::HostBatch &batch)
{
    if (batch.isEmpty())
        return;
    QSet<domain::HostId> renamed;
    if (batch.isSnapshot)
        m_hosts.clear();
    for (const domain::HostId &id : batch.removed)
        m_hosts.remove(id);
    for (const QList<domain::Host> *list : { &batch.added, &batch.changed }) {
        for (const domain::Host &host : *list) {
            domain::Host &known = m_hosts[host.id];
            if (known.name != host.name)
                renamed.insert(host.id);
            known = host;
        }
    }
    if (renamed.isEmpty())
        return;
    for (ContainerNode *node : std::as_const(m_containers)) {
        if (renamed.contains(node->value.get().hostId))
            nodeChanged(*node);
    }
}

void StackTreeModel::upsertStack(const Stack &stack)
{
    StackNode *node = m_stacks.value(stack.id);
    if (domain::isGone(stack.life)) {
        if (node != nullptr && node->isAttached)
            removeNodes({ node });
        return;
    }
    if (node == nullptr) {
        auto fresh = std::make_unique<StackNode>(stack, m_borrows);
        m_stacks.insert(stack.id, fresh.get());
        addFresh(std::move(fresh), *m_root);
    } else if (!(node->value.get() == stack)) {
        node->value.set(stack);
        nodeChanged(*node);
    }
}

void StackTreeModel::upsertService(const Service &service)
{
    ServiceNode *node = m_services.value(service.id);
    if (domain::isGone(service.life)) {
        if (node != nullptr && node->isAttached)
            removeNodes({ node });
        return;
    }
    if (node != nullptr) {
        if (!(node->value.get() == service)) {
            node->value.set(service);
            nodeChanged(*node);
        }
        return;
    }
    StackNode *parent = m_stacks.value(service.stackId);
    if (parent == nullptr) {
        m_orphanServices.insert(service.id, service);
        return;
    }
    auto fresh = std::make_unique<ServiceNode>(service, m_borrows);
    m_services.insert(service.id, fresh.get());
    addFresh(std::move(fresh), *parent);
}

void StackTreeModel::upsertContainer(const Container &container)
{
    ContainerNode *node = m_containers.value(container.id);
    if (domain::isGone(container.life)) {
        if (node != nullptr && node->isAttached)
            removeNodes({ node });
        m_orphanContainers.remove(container.id);
        return;
    }
    if (node != nullptr) {
        if (node->value.get() == container)
            return;
        const bool moves = node->value.get().stackId != container.stackId
            || node->value.get().serviceId != container.serviceId;
        if (!moves || !node->isAttached) {
            node->value.set(container);
            nodeChanged(*node);
            return;
        }
        removeNodes({ node });
    }
    Node *parent = parentFor(container);
    if (parent == nullptr) {
        m_orphanContainers.insert(container.id, container);
        return;
    }
    auto fresh = std::make_unique<ContainerNode>(container, m_borrows);
    m_containers.insert(container.id, fresh.get());
    addFresh(std::move(fresh), *parent);
}

StackTreeModel::Node *StackTreeModel::parentFor(const Container &container)
{
    if (!container.serviceId.isEmpty())
        return m_services.value(container.serviceId);
    if (!container.stackId.isEmpty())
        return m_stacks.value(container.stackId);
    return &standaloneNode();
}

StackTreeModel::Node &StackTreeModel::standaloneNode()
{
    if (m_standalone == nullptr) {
        Stack stack;
        stack.name = tr("Containers without a stack");
        auto fresh = std::make_unique<StackNode>(stack, false);
        m_standalone = fresh.get();
        addFresh(std::move(fresh), *m_root);
    }
    return *m_standalone;
}

void StackTreeModel::dropEmptyStandalone()
{
    if (m_standalone != nullptr && m_standalone->rows.empty() && m_standalone->hidden.empty())
        removeNodes({ m_standalone });
}

void StackTreeModel::attachOrphans()
{
    if (m_orphanServices.isEmpty() && m_orphanContainers.isEmpty())
        return;
    m_borrows = false; // what waited goes out of scope here
    const QHash<ServiceId, Service> services = std::exchange(m_orphanServices, {});
    for (const Service &service : services)
        upsertService(service);
    const QHash<ContainerId, Container> containers = std::exchange(m_orphanContainers, {});
    for (const Container &container : containers)
        upsertContainer(container);
}

} // namespace faultline::models
