// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/net/body_collector.h"
#include "services/net/http_client.h"
#include "services/net/tls_trust.h"

#include <QObject>
#include <QPointer>

#include <array>
#include <memory>
#include <optional>

class QNetworkAccessManager;
class QNetworkReply;
class QNetworkRequest;
class QSslError;

namespace faultline::net {

/// One HTTP exchange on the wire: no redirect, no repetition. Each phase has its own limit:
/// connecting, the first byte of the answer, a least rate while the body arrives. Destroying it
/// closes the socket.
class HttpAttempt : public QObject
{
    Q_OBJECT

public:
    /// What goes over the wire; `headers` may hold secrets here.
    struct Wire
    {
        QUrl url;
        QByteArray method;
        QList<Header> headers;
        QByteArray body;
        qint64 maxBody = 0;
        std::shared_ptr<BodySink> sink; ///< may be empty
    };

    /// `done` is called once, from an event; a whole answer of any status is a result. The
    /// settings, the trust and the manager must outlive the attempt.
    HttpAttempt(std::shared_ptr<QNetworkAccessManager> network, const ServerSettings &settings,
        const TlsTrust &trust, Clock &clock, domain::Done<HttpResponse> done);
    ~HttpAttempt() override;

    /// `patience`: give up sooner than firstByteTimeout, because the connection may be a dead one.
    void start(Wire wire, std::optional<std::chrono::milliseconds> patience = {});

    /// True when it ended because the answer had not begun within the patience.
    [[nodiscard]] bool lostPatience() const { return m_lostPatience; }
    /// How long the answer took to begin; nothing when it did not.
    [[nodiscard]] std::optional<std::chrono::milliseconds> firstByteAfter() const
    {
        return m_firstByteAfter;
    }
    [[nodiscard]] bool uses(const QNetworkAccessManager *network) const
    {
        return m_network.get() == network;
    }

    /// Bytes of the body that arrived so far, as on the wire.
    [[nodiscard]] qint64 receivedBytes() const { return m_body ? m_body->wireBytes() : 0; }

    /// True when the connection (with its TLS handshake) takes suspiciously long: the manager keeps
    /// such sockets even when their request is given up, so it should not get further ones.
    [[nodiscard]] bool isStuckConnecting() const;

private:
    [[nodiscard]] QNetworkRequest request() const;
    void connectReply();
    void awaitFirstByte();
    void takeHeaders();
    void takeBytes();
    void checkRate();
    void judgeCertificate(const QList<QSslError> &errors);
    void takeEnd();
    [[nodiscard]] std::optional<domain::Error> transportError() const;
    [[nodiscard]] bool isCut() const;
    void end(domain::Result<HttpResponse> result);
    void fail(domain::ErrorKind kind, const char *message);

    std::shared_ptr<QNetworkAccessManager> m_network;
    const ServerSettings &m_settings;
    const TlsTrust &m_trust;
    Clock &m_clock;
    domain::Done<HttpResponse> m_done;
    Wire m_wire;
    QPointer<QNetworkReply> m_reply;
    HttpResponse m_response;
    bool m_isPoured = false; // the body goes into the sink
    std::optional<BodyCollector> m_body;
    std::optional<domain::Error> m_tlsError;
    Call m_limit;
    std::array<qint64, 10> m_marks{}; // received bytes at the last ten ticks of the rate check
    std::chrono::milliseconds m_startedAt{ 0 };
    bool m_isConnecting = true;
    bool m_connectLimitRang = false;
    std::optional<std::chrono::milliseconds> m_patience;
    std::optional<std::chrono::milliseconds> m_firstByteAfter;
    bool m_lostPatience = false;
    std::size_t m_ticks = 0;
};

} // namespace faultline::net
