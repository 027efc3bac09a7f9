// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/net/http_attempt.h"

#include "services/net/answer_errors.h"
#include "services/net/json_end.h"
#include "services/net/server_words.h"
#include "services/net/upload_body.h"

#include <QCoreApplication>
#include <QNetworkAccessManager>
#include <QNetworkReply>
#include <QNetworkRequest>

namespace faultline::net {

using domain::Error;
using domain::ErrorKind;

namespace {

constexpr std::chrono::milliseconds stuckAfter{ 1'000 };
constexpr qint64 leastBytes = 3'000; // in each stallTimeout; the header of ServerSettings names it

/// True when a whole answer came and the error, if any, only repeats its HTTP status.
bool isAnswered(const QNetworkReply &reply)
{
    const int code = reply.error();
    const bool repeatsStatus = code == QNetworkReply::NoError || (code >= 201 && code <= 299)
        || (code >= 401 && code <= 499) || code == QNetworkReply::ProtocolInvalidOperationError;
    const int status = reply.attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt();
    if (code == QNetworkReply::ContentReSendError) // Qt rewinds the body at once, though we follow
                                                   // redirects ourselves
        return status == 307 || status == 308;
    return repeatsStatus && status > 0;
}

/// Qt complains aloud, on standard error, when a reply that has failed already is aborted, too; its
/// deletion closes the socket then.
void giveUp(QNetworkReply &reply)
{
    if (reply.error() == QNetworkReply::NoError)
        reply.abort();
}

QString text(const char *source)
{
    return QCoreApplication::translate("net", source);
}

Error transportErrorOf(const QNetworkReply &reply)
{
    Error error;
    error.kind = ErrorKind::Network;
    error.mayRetry = true;
    const QString host = reply.url().host();
    switch (reply.error()) {
    case QNetworkReply::ConnectionRefusedError:
        error.message
            = text("%1 refuses the connection. Is the server running, and is the port right?")
                  .arg(host);
        break;
    case QNetworkReply::HostNotFoundError:
        error.message
            = text("The name %1 is not known. Check the address and the network.").arg(host);
        break;
    case QNetworkReply::RemoteHostClosedError:
    case QNetworkReply::ContentReSendError: // UploadBody kept it from being sent twice
        error.message = text("%1 closed the connection before its answer was complete.").arg(host);
        break;
    case QNetworkReply::ProtocolFailure:
    case QNetworkReply::ProtocolUnknownError:
    case QNetworkReply::ProtocolInvalidOperationError:
        error.kind = ErrorKind::Server;
        error.message
            = text("%1 does not answer in HTTP. Check the address and the port.").arg(host);
        error.mayRetry = false;
        break;
    default:
        error.message = text("No connection with %1: %2.").arg(host, tidied(reply.errorString()));
    }
    return error;
}

} // namespace

HttpAttempt::HttpAttempt(std::shared_ptr<QNetworkAccessManager> network,
    const ServerSettings &settings, const TlsTrust &trust, Clock &clock,
    domain::Done<HttpResponse> done)
    : m_network(std::move(network))
    , m_settings(settings)
    , m_trust(trust)
    , m_clock(clock)
    , m_done(std::move(done))
{
}

HttpAttempt::~HttpAttempt()
{
    if (!m_reply)
        return;
    m_reply->disconnect(this);
    giveUp(*m_reply);
    m_reply->deleteLater();
}

QNetworkRequest HttpAttempt::request() const
{
    QNetworkRequest request(m_wire.url);
    request.setAttribute(
        QNetworkRequest::RedirectPolicyAttribute, QNetworkRequest::ManualRedirectPolicy);
    request.setAttribute(QNetworkRequest::CookieLoadControlAttribute, QNetworkRequest::Manual);
    request.setAttribute(QNetworkRequest::CookieSaveControlAttribute, QNetworkRequest::Manual);
    request.setAttribute(QNetworkRequest::AuthenticationReuseAttribute, QNetworkRequest::Manual);
    request.setAttribute(QNetworkRequest::Http2AllowedAttribute, false);
    request.setAttribute(QNetworkRequest::HttpPipeliningAllowedAttribute, false);
    request.setAttribute(
        QNetworkRequest::CacheLoadControlAttribute, QNetworkRequest::AlwaysNetwork);
    request.setAttribute(QNetworkRequest::CacheSaveControlAttribute, false);
    for (const Header &header : m_wire.headers)
        request.setRawHeader(header.first, header.second);
    if (m_trust.configuration())
        request.setSslConfiguration(*m_trust.configuration());
    return request;
}

void HttpAttempt::start(Wire wire, std::optional<std::chrono::milliseconds> patience)
{
    m_patience = patience;
    m_wire = std::move(wire);
    m_startedAt = m_clock.monotonic();
    if (m_wire.method == "GET")
        m_reply = m_network->get(request());
    else if (m_wire.method == "HEAD")
        m_reply = m_network->head(request());
    else
        m_reply = UploadBody::send(*m_network, request(), m_wire.method, m_wire.body);
    connectReply();
    m_limit = m_clock.after(m_settings.connectTimeout, [this] {
        m_connectLimitRang = true;
        fail(ErrorKind::Timeout,
            "No connection within the time limit. Check the address and the network.");
    });
}

void HttpAttempt::connectReply()
{
    connect(m_reply, &QNetworkReply::requestSent, this, [this] {
        m_isConnecting = false;
        awaitFirstByte();
    });
    connect(m_reply, &QNetworkReply::metaDataChanged, this, &HttpAttempt::takeHeaders);
    connect(m_reply, &QNetworkReply::readyRead, this, &HttpAttempt::takeBytes);
    connect(m_reply, &QNetworkReply::sslErrors, this, &HttpAttempt::judgeCertificate);
    connect(m_reply, &QNetworkReply::finished, this, &HttpAttempt::takeEnd);
}

void HttpAttempt::awaitFirstByte()
{
    const bool isShort = m_patience && *m_patience < m_settings.firstByteTimeout;
    m_limit = m_clock.after(isShort ? *m_patience : m_settings.firstByteTimeout, [this, isShort] {
        m_lostPatience = isShort;
        fail(ErrorKind::Timeout,
            "The server took the request but did not answer within the time limit.");
    });
}

void HttpAttempt::takeHeaders()
{
    if (m_body)
        return;
    m_response.status = m_reply->attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt();
    for (const QNetworkReply::RawHeaderPair &header : m_reply->rawHeaderPairs())
        m_response.headers.append({ header.first, header.second });
    m_response.url = m_reply->url();
    m_firstByteAfter = m_clock.monotonic() - m_startedAt;
    m_body.emplace(m_response.header("Content-Encoding"), m_wire.maxBody,
        m_response.header("Content-Length").toLongLong());
    m_isPoured = m_wire.sink && m_response.status >= 200 && m_response.status < 300;
    if (m_isPoured) {
        if (const auto begun = m_wire.sink->begin(); !begun)
            return end(domain::failure(begun.error()));
        m_body->pourInto(*m_wire.sink);
    }
    m_limit = m_clock.after(
        m_settings.stallTimeout / static_cast<int>(m_marks.size()), [this] { checkRate(); });
}

void HttpAttempt::checkRate()
{
    const std::size_t slot = m_ticks++ % m_marks.size();
    const qint64 received = m_body->wireBytes();
    const bool windowIsFull = m_ticks >= m_marks.size();
    const qint64 before = windowIsFull ? m_marks.at(m_ticks % m_marks.size()) : 0;
    m_marks.at(slot) = received;
    if (windowIsFull && received - before < leastBytes)
        return fail(ErrorKind::Timeout,
            "The server's answer stalled: less than 100 bytes a second arrived.");
    m_limit = m_clock.after(
        m_settings.stallTimeout / static_cast<int>(m_marks.size()), [this] { checkRate(); });
}

bool HttpAttempt::isStuckConnecting() const
{
    // A timer may ring a few milliseconds before the clock says so: the limit counts by itself.
    return m_isConnecting
        && (m_connectLimitRang
            || m_clock.monotonic() - m_startedAt
                >= std::min(m_settings.connectTimeout, stuckAfter));
}

void HttpAttempt::takeBytes()
{
    if (!m_body)
        takeHeaders();
    if (!m_done)
        return;
    const domain::Result<std::monostate> added = m_body->add(m_reply->readAll());
    if (!added)
        end(domain::failure(added.error()));
}

void HttpAttempt::judgeCertificate(const QList<QSslError> &errors)
{
    const QSslCertificate leaf = m_reply->sslConfiguration().peerCertificate();
    if (m_trust.accepts(m_wire.url, leaf))
        m_reply->ignoreSslErrors(errors);
    else
        m_tlsError = m_trust.refusal(errors, m_wire.url, leaf);
}

std::optional<Error> HttpAttempt::transportError() const
{
    if (m_tlsError)
        return m_tlsError;
    if (m_reply->error() == QNetworkReply::SslHandshakeFailedError)
        return errorOfHandshake(m_reply->errorString(), m_wire.url);
    if (!isAnswered(*m_reply))
        return transportErrorOf(*m_reply);
    return std::nullopt;
}

bool HttpAttempt::isCut() const
{
    const int status = m_response.status;
    if (m_wire.method == "HEAD" || status == 204 || status == 304)
        return false;
    bool isNumber = false;
    const qint64 length = m_response.header("Content-Length").toLongLong(&isNumber);
    if (isNumber)
        return m_body->wireBytes() < length || !m_body->isWhole();
    // Qt 6.4 takes about every second chunked answer that was cut for a whole one: its end is told
    // from the body.
    return !m_body->isWhole() || (!m_isPoured && !isWholeJson(m_body->body()));
}

void HttpAttempt::takeEnd()
{
    if (const std::optional<Error> error = transportError())
        return end(domain::failure(*error));
    takeBytes();
    if (!m_done)
        return;
    if (isCut())
        return fail(ErrorKind::Network, "The server's answer was cut off.");
    m_response.body = m_body->takeBody();
    end(std::move(m_response));
}

void HttpAttempt::fail(ErrorKind kind, const char *message)
{
    Error error;
    error.kind = kind;
    error.message = text(message);
    error.mayRetry = true;
    error.status = m_response.status;
    end(domain::failure(error));
}

void HttpAttempt::end(domain::Result<HttpResponse> result)
{
    if (!m_done)
        return;
    m_limit.cancel();
    m_reply->disconnect(this);
    if (!result) {
        giveUp(*m_reply);
        result.error().where = placeOf(m_wire.method, m_wire.url);
    }
    const domain::Done<HttpResponse> done = std::exchange(m_done, nullptr);
    done(std::move(result));
}

} // namespace faultline::net
