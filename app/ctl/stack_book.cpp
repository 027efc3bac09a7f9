// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/stack_book.h"

#include <algorithm>

namespace faultline::ctl {

namespace {

template <typename IdType, typename T>
void applyBatch(QHash<IdType, T> &rows, const domain::Batch<T, IdType> &batch)
{
    if (batch.isSnapshot)
        rows.clear();
    for (const T &row : batch.added)
        rows.insert(row.id, row);
    for (const T &row : batch.changed)
        rows.insert(row.id, row);
    for (const IdType &id : batch.removed)
        rows.remove(id);
}

template <typename IdType, typename T>
void replaceRows(QHash<IdType, T> &rows, const QList<T> &values)
{
    rows.clear();
    for (const T &row : values)
        rows.insert(row.id, row);
}

template <typename IdType, typename T, typename Wanted>
QList<T> sorted(const QHash<IdType, T> &rows, Wanted isWanted)
{
    QList<T> out;
    for (const T &row : rows) {
        if (!domain::isGone(row.life) && isWanted(row))
            out += row;
    }
    std::sort(out.begin(), out.end(),
        [](const T &a, const T &b) { return a.name != b.name ? a.name < b.name : a.id < b.id; });
    return out;
}

template <typename IdType, typename T>
const T *find(const QHash<IdType, T> &rows, const IdType &id)
{
    const auto found = rows.constFind(id);
    return found == rows.constEnd() ? nullptr : &*found;
}

} // namespace

StackBook::StackBook(const stacks::StackSnapshot &snapshot)
{
    replace(snapshot);
}

void StackBook::apply(const stacks::StackDelta &delta)
{
    applyBatch(m_stacks, delta.stacks);
    applyBatch(m_services, delta.services);
    applyBatch(m_containers, delta.containers);
    applyBatch(m_hosts, delta.hosts);
}

void StackBook::replace(const stacks::StackSnapshot &snapshot)
{
    replaceRows(m_stacks, snapshot.stacks);
    replaceRows(m_services, snapshot.services);
    replaceRows(m_containers, snapshot.containers);
    replaceRows(m_hosts, snapshot.hosts);
}

QList<domain::Stack> StackBook::stacks() const
{
    return sorted(m_stacks, [](const domain::Stack &) { return true; });
}

QList<domain::Service> StackBook::servicesOf(const domain::StackId &id) const
{
    return sorted(
        m_services, [&id](const domain::Service &service) { return service.stackId == id; });
}

QList<domain::Container> StackBook::containersOf(const domain::StackId &id) const
{
    return sorted(m_containers,
        [&id](const domain::Container &container) { return container.stackId == id; });
}

QList<domain::Container> StackBook::containersOf(const domain::ServiceId &id) const
{
    return sorted(m_containers,
        [&id](const domain::Container &container) { return container.serviceId == id; });
}

QList<domain::Container> StackBook::containers() const
{
    return sorted(m_containers, [](const domain::Container &) { return true; });
}

const domain::Stack *StackBook::stack(const domain::StackId &id) const
{
    return find(m_stacks, id);
}

const domain::Service *StackBook::service(const domain::ServiceId &id) const
{
    return find(m_services, id);
}

const domain::Container *StackBook::container(const domain::ContainerId &id) const
{
    return find(m_containers, id);
}

QList<domain::Host> StackBook::hosts() const
{
    return sorted(m_hosts, [](const domain::Host &) { return true; });
}

QString StackBook::hostName(const domain::HostId &id) const
{
    const domain::Host *host = find(m_hosts, id);
    return host ? host->name : id.value();
}

} // namespace faultline::ctl
