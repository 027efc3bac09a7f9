// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/stacks/rancher/rancher_log.h"

#include "services/stacks/rancher/host_socket.h"

#include <QJsonDocument>
#include <QJsonObject>

namespace faultline::stacks::rancher {

LogFrame parseLogFrame(const QByteArray &frame)
{
    const bool hasHead = frame.size() >= 3 && frame[0] == '0' && frame[1] >= '0' && frame[1] <= '2'
        && frame[2] == ' ';
    if (!hasHead)
        return { LogChannel::Combined, frame };
    const LogChannel channel = frame[1] == '1' ? LogChannel::Stdout
        : frame[1] == '2'                      ? LogChannel::Stderr
                                               : LogChannel::Combined;
    return { channel, frame.mid(3) };
}

RancherLog::RancherLog(
    std::shared_ptr<RancherClient> client, domain::ContainerId id, LogOptions options)
    : m_client(std::move(client))
    , m_where(QStringLiteral("logs of ") + id.value())
{
    const QJsonObject request{
        { QStringLiteral("follow"), options.follow },
        { QStringLiteral("lines"), std::max(0, options.tailLines) },
        { QStringLiteral("timestamps"), options.timestamps },
    };
    m_asking = m_client->runAction(QStringLiteral("containers"), id.value(), QStringLiteral("logs"),
        QJsonDocument(request).toJson(QJsonDocument::Compact),
        [this](const domain::Result<QByteArray> &answer) {
            connectTo(socketPathIn(answer, *m_client, m_where));
        });
}

RancherLog::~RancherLog() = default;

void RancherLog::connectTo(const domain::Result<QString> &path)
{
    if (!path) {
        Q_EMIT failed(path.error());
        return;
    }
    m_socket = std::make_unique<net::WebSocket>(m_client->settings(), *path, true);
    connect(m_socket.get(), &net::WebSocket::textReceived, this, [this](const QString &text) {
        const LogFrame frame = parseLogFrame(text.toUtf8());
        if (!frame.bytes.isEmpty())
            Q_EMIT received(frame.channel, frame.bytes);
    });
    connect(m_socket.get(), &net::WebSocket::binaryReceived, this, [this](const QByteArray &bytes) {
        const LogFrame frame = parseLogFrame(bytes);
        if (!frame.bytes.isEmpty())
            Q_EMIT received(frame.channel, frame.bytes);
    });
    connect(m_socket.get(), &net::WebSocket::closed, this, &RancherLog::ended);
    connect(m_socket.get(), &net::WebSocket::failed, this,
        [this](const domain::Error &error) { Q_EMIT failed(errorOfAccess(error, m_where)); });
    m_socket->open();
}

} // namespace faultline::stacks::rancher
