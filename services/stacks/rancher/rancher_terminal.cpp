// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/stacks/rancher/rancher_terminal.h"

#include "services/stacks/rancher/host_socket.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

namespace faultline::stacks::rancher {

namespace {

// A proxy cuts sockets that are quiet for long; a protocol ping changes nothing in the shell.
constexpr std::chrono::seconds pingInterval(30);
// Servers end a socket whose messages are too large.
constexpr qsizetype frameSize = 32 << 10;

} // namespace

RancherTerminal::RancherTerminal(
    std::shared_ptr<RancherClient> client, domain::ContainerId id, const TerminalOptions &options)
    : m_client(std::move(client))
    , m_where(QStringLiteral("execute in ") + id.value())
{
    const QJsonObject request{ { QStringLiteral("command"),
                                   QJsonArray::fromStringList(options.command) },
        { QStringLiteral("attachStdin"), true }, { QStringLiteral("attachStdout"), true },
        { QStringLiteral("tty"), options.tty } };
    m_asking = m_client->runAction(QStringLiteral("containers"), id.value(),
        QStringLiteral("execute"), QJsonDocument(request).toJson(QJsonDocument::Compact),
        [this](const domain::Result<QByteArray> &answer) {
            connectTo(socketPathIn(answer, *m_client, m_where));
        });
}

RancherTerminal::~RancherTerminal() = default;

void RancherTerminal::connectTo(const domain::Result<QString> &path)
{
    if (!path) {
        Q_EMIT failed(path.error());
        return;
    }
    m_socket = std::make_unique<net::WebSocket>(m_client->settings(), *path, true);
    m_socket->setPing(pingInterval);
    connect(m_socket.get(), &net::WebSocket::opened, this, &RancherTerminal::begin);
    connect(m_socket.get(), &net::WebSocket::textReceived, this, [this](const QString &text) {
        const QByteArray bytes = QByteArray::fromBase64(text.toLatin1());
        // A size that came before the command ran was lost; its first output proves that it runs.
        if (!std::exchange(m_isRunning, true) && !m_size.isEmpty())
            m_socket->sendText(m_size);
        if (!bytes.isEmpty())
            Q_EMIT received(bytes);
    });
    connect(m_socket.get(), &net::WebSocket::closed, this, &RancherTerminal::ended);
    connect(m_socket.get(), &net::WebSocket::failed, this,
        [this](const domain::Error &error) { Q_EMIT failed(errorOfAccess(error, m_where)); });
    m_socket->open();
}

void RancherTerminal::begin()
{
    m_isOpen = true;
    if (!m_size.isEmpty())
        m_socket->sendText(m_size);
    if (!m_typed.isEmpty())
        write(std::exchange(m_typed, {}));
    Q_EMIT opened();
}

void RancherTerminal::write(const QByteArray &bytes)
{
    if (!m_isOpen) {
        m_typed += bytes;
        return;
    }
    for (qsizetype at = 0; at < bytes.size(); at += frameSize)
        m_socket->sendText(QString::fromLatin1(bytes.mid(at, frameSize).toBase64()));
}

void RancherTerminal::resize(int columns, int rows)
{
    m_size = QStringLiteral(":resizeTTY:%1,%2").arg(columns).arg(rows);
    if (m_isOpen)
        m_socket->sendText(m_size);
}

} // namespace faultline::stacks::rancher
