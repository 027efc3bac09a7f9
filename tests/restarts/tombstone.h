// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QMap>
#include <QTcpServer>
#include <QTcpSocket>

#include <functional>

namespace faultline::tests {

/// Stands at the port of a server that was killed, as a proxy does whose backend is gone: takes
/// connections, breaks them, and writes down what was asked for and when.
class Tombstone
{
public:
    explicit Tombstone(std::function<qint64()> now)
        : m_now(std::move(now))
    {
        QObject::connect(&m_server, &QTcpServer::newConnection, &m_server, [this] { accept(); });
    }

    [[nodiscard]] bool open(quint16 port) { return m_server.listen(QHostAddress::LocalHost, port); }
    void close() { m_server.close(); }

    /// Times (ms) of the requests by kind: the last part of the path, and "socket" for an upgrade.
    [[nodiscard]] const QMap<QByteArray, QList<qint64>> &asked() const { return m_asked; }
    /// Requests that came again at once: QNetworkAccessManager 6.4 sends a GET up to
    /// three times more when its connection breaks. Those are not in asked().
    [[nodiscard]] int repeats() const { return m_repeats; }
    void forget() { m_asked.clear(); }

private:
    void accept()
    {
        while (QTcpSocket *socket = m_server.nextPendingConnection()) {
            QObject::connect(socket, &QTcpSocket::disconnected, socket, &QObject::deleteLater);
            QObject::connect(
                socket, &QTcpSocket::readyRead, socket, [this, socket] { take(*socket); });
        }
    }

    void take(QTcpSocket &socket)
    {
        const QByteArray request = socket.peek(8192);
        if (!request.contains("\r\n\r\n"))
            return;
        const QByteArray path = request.split(' ').value(1).split('?').first();
        const bool isSocket = request.toLower().contains("\r\nupgrade: websocket");
        QList<qint64> &times
            = m_asked[path.mid(path.lastIndexOf('/') + 1) + (isSocket ? " socket" : "")];
        if (!isSocket && !times.isEmpty() && m_now() - times.last() < atOnce)
            ++m_repeats;
        else
            times.append(m_now());
        socket.abort();
    }

    static constexpr qint64 atOnce = 500; // ms; no plan for attempts is that hasty

    QTcpServer m_server;
    std::function<qint64()> m_now;
    QMap<QByteArray, QList<qint64>> m_asked;
    int m_repeats = 0;
};

} // namespace faultline::tests
