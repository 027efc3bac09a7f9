// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/stacks/rancher/snapshot_reading.h"

#include "services/stacks/rancher/rancher_list.h"
#include "services/stacks/rancher/rancher_paths.h"

namespace faultline::stacks::rancher {

SnapshotReading::SnapshotReading(RancherClient &client, domain::Done<StackSnapshot> done)
    : m_client(client)
    , m_promise(std::move(done))
{
}

net::Call SnapshotReading::start()
{
    m_promise.follow(
        m_client.projectPath([self = shared_from_this()](domain::Result<QString> project) {
            if (project)
                self->readLists(*project);
            else
                self->m_promise.finish(domain::failure(project.error()));
        }));
    return m_promise.call();
}

void SnapshotReading::drop()
{
    // Cancelling a list drops its callback, which may hold the last reference to this object.
    const auto self = shared_from_this();
    const QList<std::shared_ptr<net::Call>> lists = std::exchange(m_lists, {});
}

template <typename T>
net::Call SnapshotReading::readList(
    const QString &path, RancherClient::ParsePage<T> parse, QList<T> StackSnapshot::*list)
{
    return m_client.list<T>(
        path, parse, [self = shared_from_this(), list](domain::Result<QList<T>> items) {
            if (!items) {
                self->drop();
                self->m_promise.finish(domain::failure(items.error()));
                return;
            }
            self->m_snapshot.*list = std::move(*items);
            if (--self->m_missing == 0) {
                self->drop();
                self->m_promise.finish(std::move(self->m_snapshot));
            }
        });
}

void SnapshotReading::readLists(const QString &project)
{
    m_missing = 4;
    m_promise.onCancel([self = shared_from_this()] { self->drop(); });
    const auto keep
        = [this](net::Call call) { m_lists.append(std::make_shared<net::Call>(std::move(call))); };
    // `instances` are the containers: facts, rancher.md §3.
    keep(
        readList(listPath(project, QStringLiteral("stacks")), parseStacks, &StackSnapshot::stacks));
    keep(readList(
        listPath(project, QStringLiteral("services")), parseServices, &StackSnapshot::services));
    keep(readList(listPath(project, QStringLiteral("instances")), parseContainers,
        &StackSnapshot::containers));
    keep(readList(listPath(project, QStringLiteral("hosts")), parseHosts, &StackSnapshot::hosts));
}

} // namespace faultline::stacks::rancher
