// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/net/web_socket.h"
#include "services/stacks/rancher/rancher_client.h"

namespace faultline::stacks::rancher {

/// A command in a container: action `execute` -> address and token of a socket -> text frames whose
/// payload is base64, both ways (facts: rancher.md §5.3).
class RancherTerminal : public ContainerTerminal
{
    Q_OBJECT

public:
    RancherTerminal(std::shared_ptr<RancherClient> client, domain::ContainerId id,
        const TerminalOptions &options);
    ~RancherTerminal() override;

    void write(const QByteArray &bytes) override;
    void resize(int columns, int rows) override;

private:
    void connectTo(const domain::Result<QString> &path);
    void begin();

    std::shared_ptr<RancherClient> m_client;
    QString m_where;
    bool m_isOpen = false;
    bool m_isRunning = false;
    QByteArray m_typed; // before it was open
    QString m_size; // the resize to send once it is open
    net::Call m_asking;
    std::unique_ptr<net::WebSocket> m_socket;
};

} // namespace faultline::stacks::rancher
