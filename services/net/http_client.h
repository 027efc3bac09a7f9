// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/net/body_sink.h"
#include "services/net/call.h"
#include "services/net/surroundings.h"

#include <QByteArray>
#include <QList>
#include <QObject>
#include <QUrl>

#include <chrono>
#include <memory>

namespace faultline::net {

using Header = std::pair<QByteArray, QByteArray>;

/// How one server is spoken to. Secrets live in `authHeaders` only and are sent to `origin` only.
struct ServerSettings
{
    QUrl
        origin; ///< scheme, host, port and an optional path prefix, e.g. https://gitlab.example.org
    QList<Header> authHeaders; ///< e.g. {"PRIVATE-TOKEN", …} or {"Authorization", "Basic …"}
    QString caFile; ///< PEM file of further trusted authorities, may be empty
    QString trustedFingerprint; ///< SHA-256 of one certificate accepted in spite of errors; a
                                ///< person's choice
    std::chrono::milliseconds connectTimeout{ 10'000 };
    std::chrono::milliseconds firstByteTimeout{ 30'000 };
    /// A connection that was used before may be dead without notice (the server was killed, a
    /// router forgot it), and QNetworkAccessManager 6.4 can lose a request on it: a GET whose
    /// answer has not begun by then is asked once more, on a new connection. Doubles when the
    /// server proves to be only slow.
    std::chrono::milliseconds reusePatience{ 3'000 };
    std::chrono::milliseconds stallTimeout{
        30'000
    }; ///< less than 3,000 bytes in this time ends the request
    std::chrono::milliseconds totalTimeout{ 120'000 };
    int maxAttempts = 4; ///< for idempotent requests on 408, 429, 5xx and broken connections
};

struct HttpRequest
{
    QByteArray method = "GET";
    QString path; ///< absolute path on the origin, percent-encoded, with query: "/api/v4/user"
    QByteArray body;
    QByteArray contentType; ///< set with a body
    QList<Header> headers; ///< further headers (Range, If-None-Match); never secrets
    qint64 maxBody = 64LL << 20; ///< larger answers end with ErrorKind::Server
    std::shared_ptr<BodySink>
        sink; ///< takes the body of a 2xx answer, which is empty in the response then
    bool expectJson = true; ///< an HTML answer is an error (a sign-in page, a proxy's page)
    bool mayRepeat = false; ///< true lets non-GET requests be retried too
    QList<int> acceptStatuses; ///< statuses besides 2xx that are answers (e.g. 206 is 2xx; 304, 416
                               ///< are not)
};

struct HttpResponse
{
    int status = 0;
    QList<Header> headers;
    QByteArray body;
    QUrl url; ///< after redirects

    /// Value of a header, any case; empty when absent.
    [[nodiscard]] QByteArray header(const QByteArray &name) const;
};

/// What the client has learned about the server's limits, for people and for polling plans.
struct RateState
{
    int limit = -1; ///< per minute; -1 unknown
    int remaining = -1;
    QDateTime limitedUntil; ///< UTC; invalid when not limited
};

/// HTTP to one server, on the thread that created it. Adds our own User-Agent and `Accept:
/// application/json`, keeps no cookies, sends authentication preemptively, follows redirects itself
/// (secrets never leave the origin), retries with jittered backoff honouring Retry-After and
/// RateLimit-*, and ends every request within its limits. After 401 it refuses further requests
/// with ErrorKind::Auth without sending them, until resume().
class HttpClient : public QObject
{
    Q_OBJECT

public:
    explicit HttpClient(ServerSettings settings, QObject *parent = nullptr);
    /// With a clock and a source of random numbers of one's own, for tests.
    HttpClient(ServerSettings settings, Surroundings surroundings, QObject *parent = nullptr);
    ~HttpClient() override;

    /// Any 2xx (or accepted) status is a response; everything else an Error with the server's
    /// words.
    [[nodiscard]] Call send(HttpRequest request, domain::Done<HttpResponse> done);

    [[nodiscard]] const ServerSettings &settings() const;
    [[nodiscard]] RateState rateState() const;

    /// Forgets an earlier 401: a person changed the token or pressed "retry now".
    void resume();

    /// Path and query of a link that this server returned, if it points to the configured origin's
    /// host (links behind proxies may carry another scheme or port: facts rancher.md §0.7); an
    /// error when it names another host.
    [[nodiscard]] domain::Result<QString> anchored(const QByteArray &link) const;

private:
    class Private;
    std::unique_ptr<Private> d;
};

} // namespace faultline::net
