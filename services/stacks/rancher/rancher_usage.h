// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/net/web_socket.h"
#include "services/stacks/rancher/rancher_client.h"

namespace faultline::stacks::rancher {

/// One frame of a stats socket: a JSON array with one entry for each thing (facts: rancher.md
/// §5.5).
[[nodiscard]] QList<UsageSample> parseUsage(const QByteArray &frame);

/// Usage of a container or a host: a link -> address and token of a socket -> frames.
class RancherUsage : public UsageFeed
{
    Q_OBJECT

public:
    RancherUsage(std::shared_ptr<RancherClient> client, const QString &collection,
        const QString &id, const QString &link);
    ~RancherUsage() override;

private:
    void connectTo(const domain::Result<QString> &path);

    std::shared_ptr<RancherClient> m_client;
    QString m_where;
    net::Call m_asking;
    std::unique_ptr<net::WebSocket> m_socket;
};

} // namespace faultline::stacks::rancher
