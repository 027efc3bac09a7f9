// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/stacks/rancher/stack_collections.h"

namespace faultline::stacks::rancher {

namespace {

template <typename T>
QList<T> present(const QList<T> &values)
{
    QList<T> out;
    out.reserve(values.size());
    for (const T &value : values) {
        if (!domain::isGone(value.life))
            out.append(value);
    }
    return out;
}

template <typename Collection, typename T>
void addDiffering(QSet<QString> &ids, const Collection &collection, const QList<T> &listed)
{
    QSet<QString> absent;
    for (const T &known : collection.values())
        absent.insert(known.id.value());
    for (const T &value : listed) {
        absent.remove(value.id.value());
        const auto known = collection.values().constFind(value.id);
        if (known == collection.values().cend() || !(*known == value))
            ids.insert(value.id.value());
    }
    ids.unite(absent);
}

template <typename Collection, typename T>
void applyTo(Collection &collection, const T &value)
{
    if (domain::isGone(value.life))
        collection.remove(value.id);
    else
        collection.put(value);
}

} // namespace

void StackCollections::reset(const StackSnapshot &snapshot)
{
    m_stacks.reset(present(snapshot.stacks));
    m_services.reset(present(snapshot.services));
    m_containers.reset(present(snapshot.containers));
    m_hosts.reset(present(snapshot.hosts));
}

void StackCollections::merge(const StackSnapshot &snapshot)
{
    m_stacks.merge(present(snapshot.stacks));
    m_services.merge(present(snapshot.services));
    m_containers.merge(present(snapshot.containers));
    m_hosts.merge(present(snapshot.hosts));
}

QSet<QString> StackCollections::differingIn(const StackSnapshot &snapshot) const
{
    QSet<QString> ids;
    addDiffering(ids, m_stacks, snapshot.stacks);
    addDiffering(ids, m_services, snapshot.services);
    addDiffering(ids, m_containers, snapshot.containers);
    addDiffering(ids, m_hosts, snapshot.hosts);
    return ids;
}

void StackCollections::apply(const Event &event)
{
    if (const auto *stack = std::get_if<domain::Stack>(&event))
        applyTo(m_stacks, *stack);
    else if (const auto *service = std::get_if<domain::Service>(&event))
        applyTo(m_services, *service);
    else if (const auto *container = std::get_if<domain::Container>(&event))
        applyTo(m_containers, *container);
    else if (const auto *host = std::get_if<domain::Host>(&event))
        applyTo(m_hosts, *host);
}

bool StackCollections::hasChanges() const
{
    return m_stacks.hasChanges() || m_services.hasChanges() || m_containers.hasChanges()
        || m_hosts.hasChanges();
}

StackDelta StackCollections::take()
{
    return { m_stacks.take(), m_services.take(), m_containers.take(), m_hosts.take() };
}

QString idOf(const Event &event)
{
    return std::visit(
        [](const auto &value) {
            if constexpr (requires { value.id; })
                return value.id.value();
            else
                return QString();
        },
        event);
}

} // namespace faultline::stacks::rancher
