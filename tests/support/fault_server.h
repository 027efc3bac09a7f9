// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/support/answer.h"
#include "tests/support/certificates.h"

#include <QSsl>
#include <QThread>
#include <QUrl>

#include <functional>
#include <memory>
#include <optional>

namespace faultline::tests {

/// A request as it arrived.
struct Received
{
    QByteArray method;
    QByteArray path; ///< without query
    QByteArray query; ///< without "?"
    QList<Header> headers;
    QByteArray body;
    int connection = 0; ///< number of the connection, from 1

    /// Value of a header, any case; empty when absent.
    [[nodiscard]] QByteArray header(const QByteArray &name) const;
};

/// How a FaultServer speaks TLS.
struct TlsSetup
{
    TlsIdentity identity;
    QSsl::SslProtocol protocol
        = QSsl::SecureProtocols; ///< e.g. QSsl::TlsV1_0 for an outdated server
    bool neverHandshakes = false; ///< accepts connections and stays silent
};

/// A real HTTP/1.1 and WebSocket server on 127.0.0.1 in its own thread, which answers as told:
/// rightly, wrongly, slowly or not at all, and writes down what arrived. All functions may be
/// called from any thread.
class FaultServer
{
public:
    FaultServer();
    explicit FaultServer(const TlsSetup &tls);
    ~FaultServer();
    FaultServer(const FaultServer &) = delete;
    FaultServer &operator=(const FaultServer &) = delete;

    /// "http(s)://127.0.0.1:port", without a slash at the end.
    [[nodiscard]] QUrl url() const;
    [[nodiscard]] quint16 port() const;

    /// Each request to `path` (without query) gets the next of `answers`; the last one again and
    /// again.
    void answer(const QByteArray &path, const QList<Answer> &answers);
    void answer(const QByteArray &path, const Answer &one) { answer(path, QList<Answer>{ one }); }

    /// Asked first, in the server's thread; nothing means: look into the scripted answers, else
    /// 404.
    void answerBy(std::function<std::optional<Answer>(const Received &)> decide);

    /// Everything that arrived, in order of arrival; WebSocket handshakes are requests, too.
    [[nodiscard]] QList<Received> requests() const;
    [[nodiscard]] qsizetype requestCount(const QByteArray &path = {}) const;
    /// Text and binary messages that arrived on WebSockets.
    [[nodiscard]] QList<QByteArray> messages() const;
    /// Bytes of requests that arrived, after decryption.
    [[nodiscard]] qint64 receivedBytes() const;
    /// True when `secret` is anywhere in what arrived, also in parts that made no whole request.
    [[nodiscard]] bool hasReceived(const QByteArray &secret) const;
    [[nodiscard]] int openConnections() const;
    [[nodiscard]] int acceptedConnections() const;
    /// The largest number of requests that were being answered at the same time.
    [[nodiscard]] int mostAtOnce() const;

    /// Connections that come from now on see this certificate. Only for a server with TLS.
    void changeIdentity(const TlsIdentity &identity);
    /// Sends a frame to every open WebSocket whose path is `path`; returns at once.
    void sendFrame(const QByteArray &path, const QByteArray &frame);
    /// Resets all connections; the server goes on.
    void dropConnections();
    /// Stops listening and resets all connections, as if the server was killed.
    void stop();
    /// Listens again on the same port after stop(). False when the port is taken.
    [[nodiscard]] bool restart();

private:
    class Listener;
    void begin(const std::optional<TlsSetup> &tls);

    QThread m_thread;
    std::unique_ptr<Listener> m_listener;
    quint16 m_port = 0;
    bool m_isSecure = false;
};

/// A port of 127.0.0.1 on which nobody listens.
[[nodiscard]] quint16 closedPort();

/// A port of 127.0.0.1 that takes no connection and refuses none: connecting hangs.
class UnansweringPort
{
public:
    UnansweringPort();
    ~UnansweringPort();
    UnansweringPort(const UnansweringPort &) = delete;
    UnansweringPort &operator=(const UnansweringPort &) = delete;

    [[nodiscard]] quint16 port() const { return m_port; }

private:
    QList<int> m_sockets;
    quint16 m_port = 0;
};

} // namespace faultline::tests
