// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/stacks/rancher/rancher_client.h"

namespace faultline::stacks::rancher {

/// Reads the four lists of a project in parallel; the first error ends all.
class SnapshotReading : public std::enable_shared_from_this<SnapshotReading>
{
public:
    SnapshotReading(RancherClient &client, domain::Done<StackSnapshot> done);

    [[nodiscard]] net::Call start();

private:
    void readLists(const QString &project);
    void drop();
    template <typename T>
    [[nodiscard]] net::Call readList(
        const QString &path, RancherClient::ParsePage<T> parse, QList<T> StackSnapshot::*list);

    RancherClient &m_client;
    net::Promise<StackSnapshot> m_promise;
    StackSnapshot m_snapshot;
    QList<std::shared_ptr<net::Call>> m_lists;
    int m_missing = 0;
};

} // namespace faultline::stacks::rancher
