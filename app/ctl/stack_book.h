// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/stacks/stack_backend.h"

#include <QHash>

namespace faultline::ctl {

/// The stacks of a project as a command knows them: a snapshot, kept up to date by a feed's deltas.
class StackBook
{
public:
    StackBook() = default;
    explicit StackBook(const stacks::StackSnapshot &snapshot);

    void apply(const stacks::StackDelta &delta);
    void replace(const stacks::StackSnapshot &snapshot);

    /// Rows that are not gone, sorted by name.
    [[nodiscard]] QList<domain::Stack> stacks() const;
    [[nodiscard]] QList<domain::Service> servicesOf(const domain::StackId &id) const;
    [[nodiscard]] QList<domain::Container> containersOf(const domain::StackId &id) const;
    [[nodiscard]] QList<domain::Container> containersOf(const domain::ServiceId &id) const;
    [[nodiscard]] QList<domain::Container> containers() const;
    [[nodiscard]] const domain::Stack *stack(const domain::StackId &id) const;
    [[nodiscard]] const domain::Service *service(const domain::ServiceId &id) const;
    [[nodiscard]] const domain::Container *container(const domain::ContainerId &id) const;
    [[nodiscard]] QList<domain::Host> hosts() const;
    [[nodiscard]] QString hostName(const domain::HostId &id) const;

private:
    QHash<domain::StackId, domain::Stack> m_stacks;
    QHash<domain::ServiceId, domain::Service> m_services;
    QHash<domain::ContainerId, domain::Container> m_containers;
    QHash<domain::HostId, domain::Host> m_hosts;
};

} // namespace faultline::ctl
