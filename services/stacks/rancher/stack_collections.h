// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/domain/live_collection.h"
#include "services/stacks/rancher/rancher_parse.h"

namespace faultline::stacks::rancher {

/// What a feed knows of a project, and what its receivers don't know yet. No I/O.
class StackCollections
{
public:
    /// All of it anew; the next delta is a snapshot. Rows in a removed state stay out.
    void reset(const StackSnapshot &snapshot);
    /// All of it anew; the next delta holds the differences.
    void merge(const StackSnapshot &snapshot);
    /// Ids of the rows that the lists add, change or no longer have.
    [[nodiscard]] QSet<QString> differingIn(const StackSnapshot &snapshot) const;
    /// One frame; a row in a removed state leaves.
    void apply(const Event &event);

    [[nodiscard]] bool hasChanges() const;
    [[nodiscard]] StackDelta take();

private:
    domain::LiveCollection<domain::Stack, domain::StackId, &domain::Stack::id> m_stacks;
    domain::LiveCollection<domain::Service, domain::ServiceId, &domain::Service::id> m_services;
    domain::LiveCollection<domain::Container, domain::ContainerId, &domain::Container::id>
        m_containers;
    domain::LiveCollection<domain::Host, domain::HostId, &domain::Host::id> m_hosts;
};

/// The id of the frame's row; empty when it has none.
[[nodiscard]] QString idOf(const Event &event);

} // namespace faultline::stacks::rancher
