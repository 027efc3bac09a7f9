// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/domain/error.h"
#include "services/net/http_client.h"

#include <QObject>

#include <chrono>
#include <memory>

namespace faultline::net {

/// One WebSocket connection attempt and its life; no reconnecting here (feeds decide when). On the
/// creator's thread. A handshake that is refused is repeated as a plain GET by the same origin so
/// that the server's words are known (facts: rancher.md §0.5). Ends with exactly one `closed` or
/// `failed`; destroying it closes the socket silently.
class WebSocket : public QObject
{
    Q_OBJECT

public:
    /// `path` is absolute on the origin with its query. With `sendAuth` the settings' authHeaders
    /// go along.
    WebSocket(
        const ServerSettings &settings, QString path, bool sendAuth, QObject *parent = nullptr);
    ~WebSocket() override;

    /// No frame for this long ends the socket with ErrorKind::Timeout ("silent"); 0 turns the
    /// watchdog off.
    void setWatchdog(std::chrono::milliseconds silence);
    /// Frames longer than this end the socket; default 16 MiB.
    void setMaxFrame(qint64 bytes);

    /// Asks the peer for a sign of life (a protocol ping) at this interval; no answer within two of
    /// them ends the socket with ErrorKind::Timeout. For sockets that may be quiet for long, e.g. a
    /// log. 0, the default: never.
    void setPing(std::chrono::milliseconds interval);

    /// Connects once; the limit for the whole handshake is the settings' connectTimeout.
    void open();
    void sendText(const QString &text);
    void sendBinary(const QByteArray &bytes);

Q_SIGNALS:
    void opened();
    void textReceived(const QString &text);
    void binaryReceived(const QByteArray &bytes);
    void closed(); ///< the peer closed in order
    void failed(const faultline::domain::Error &error);

private:
    class Private;
    std::unique_ptr<Private> d;
};

} // namespace faultline::net
