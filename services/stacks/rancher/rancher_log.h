// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/net/web_socket.h"
#include "services/stacks/rancher/rancher_client.h"

namespace faultline::stacks::rancher {

/// One frame of the logs socket: "0" + channel digit + " " + text (facts: rancher.md §5.4).
struct LogFrame
{
    LogChannel channel = LogChannel::Combined;
    QByteArray bytes;
};
[[nodiscard]] LogFrame parseLogFrame(const QByteArray &frame);

/// A container's log: action `logs` -> address and token of a socket -> frames.
class RancherLog : public ContainerLog
{
    Q_OBJECT

public:
    RancherLog(std::shared_ptr<RancherClient> client, domain::ContainerId id, LogOptions options);
    ~RancherLog() override;

private:
    void connectTo(const domain::Result<QString> &path);

    std::shared_ptr<RancherClient> m_client;
    QString m_where;
    net::Call m_asking;
    std::unique_ptr<net::WebSocket> m_socket;
};

} // namespace faultline::stacks::rancher
