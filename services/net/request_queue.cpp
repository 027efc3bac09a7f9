// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/net/request_queue.h"

#include "services/net/answer_errors.h"
#include "services/net/backoff.h"
#include "services/net/request_wire.h"
#include "services/net/server_words.h"

#include <QCoreApplication>
#include <QPointer>

#include <algorithm>

namespace faultline::net {

using domain::Error;
using domain::ErrorKind;
using std::chrono::milliseconds;

namespace {

constexpr milliseconds longestPatience{
    60'000
}; // a server that asks for more gets its error shown at once
constexpr int mostRedirects = 5;
constexpr int failuresBeforeHaste = 8; // failures in a row after which nothing is repeated
constexpr qint64 slowestBytesPerMs
    = 64; // a body that comes faster than this may take longer than totalTimeout

Error makeError(ErrorKind kind, const char *message)
{
    Error error;
    error.kind = kind;
    error.message = QCoreApplication::translate("net", message);
    return error;
}

} // namespace

struct RequestQueue::Exchange
{
    HttpRequest request;
    Promise<HttpResponse> promise;
    Hop hop; // where the next attempt goes
    milliseconds notBefore{ 0 };
    std::optional<milliseconds> startedAt;
    Call total;
    std::unique_ptr<HttpAttempt> attempt;
    int attempts = 0;
    int timeouts = 0;
    int redirects = 0;
    bool isOnNewConnection = false; // asked once more, because the first connection seemed dead

    Exchange(HttpRequest r, Promise<HttpResponse> p, Hop h)
        : request(std::move(r))
        , promise(std::move(p))
        , hop(std::move(h))
    {
    }

    [[nodiscard]] bool mayRepeat() const
    {
        return request.mayRepeat || request.method == "GET" || request.method == "HEAD";
    }
    [[nodiscard]] bool isStuck() const { return attempt && attempt->isStuckConnecting(); }
    /// Ends the attempt later: it may be the one that is calling.
    void dropAttempt()
    {
        if (attempt)
            attempt.release()->deleteLater();
    }
};

RequestQueue::RequestQueue(ServerSettings settings, Surroundings surroundings, QObject *parent)
    : QObject(parent)
    , m_settings(std::move(settings))
    , m_surroundings(std::move(surroundings))
    , m_trust(m_settings)
    , m_gate(m_surroundings)
    , m_reusePatience(m_settings.reusePatience)
{
}

RequestQueue::~RequestQueue()
{
    for (const ExchangePointer &exchange : m_running)
        exchange->attempt.reset();
}

Call RequestQueue::send(HttpRequest request, domain::Done<HttpResponse> done)
{
    Promise<HttpResponse> promise(std::move(done));
    const QUrl url = urlOn(m_settings.origin, request.path);
    if (!url.isValid() || !canBeSent(request, m_settings.authHeaders)) {
        refuse(promise, makeError(ErrorKind::Invalid, "The address of the request is not valid."),
            request);
        return promise.call();
    }
    if (!m_trust.configuration()) {
        promise.finishLater(this, domain::failure(m_trust.configuration().error()));
        return promise.call();
    }
    auto exchange
        = std::make_shared<Exchange>(std::move(request), promise, Hop{ url, {}, true, true });
    exchange->hop.method = exchange->request.method;
    exchange->notBefore = m_gate.startTime();
    promise.onCancel(
        [queue = QPointer<RequestQueue>(this), weak = std::weak_ptr<Exchange>(exchange)] {
            const ExchangePointer cancelled = weak.lock();
            if (!queue || !cancelled)
                return;
            queue->forget(cancelled);
            cancelled->attempt.reset();
            queue->pump();
        });
    m_waiting.push_back(exchange);
    pump();
    return promise.call();
}

void RequestQueue::resume()
{
    m_signInNeeded.reset();
    m_failuresInRow = 0;
    pump();
}

void RequestQueue::pump()
{
    const milliseconds now = m_surroundings.clock->monotonic();
    const std::optional<QDateTime> limitedUntil = m_gate.limitedUntil();
    const bool isHopeless = limitedUntil
        && m_surroundings.clock->utc().msecsTo(*limitedUntil) > longestPatience.count();
    std::optional<milliseconds> next;
    for (auto it = m_waiting.begin(); it != m_waiting.end();) {
        const ExchangePointer exchange = *it++;
        if (m_signInNeeded) {
            finish(exchange, domain::failure(*m_signInNeeded));
            continue;
        }
        if (isHopeless) {
            RateLimits limits;
            limits.retryAt = limitedUntil;
            Error error = errorOfStatus(429, limits);
            error.status = 0;
            finish(exchange, domain::failure(error));
            continue;
        }
        const bool isFull
            = !m_running.empty() && !m_gate.mayStart(static_cast<int>(m_running.size()));
        if (isFull && !limitedUntil)
            return; // the next answer comes here again
        if (limitedUntil && exchange->notBefore < m_gate.opensAt())
            exchange->notBefore = m_gate.startTime();
        if (exchange->notBefore > now)
            next = std::min(next.value_or(exchange->notBefore), exchange->notBefore);
        else if (m_gate.mayStart(static_cast<int>(m_running.size())))
            start(exchange);
    }
    wakeAt(next);
}

void RequestQueue::wakeAt(std::optional<milliseconds> time)
{
    if (time)
        m_wake = m_surroundings.clock->after(
            *time - m_surroundings.clock->monotonic(), [this] { pump(); });
    else
        m_wake.cancel();
}

void RequestQueue::start(const ExchangePointer &exchange)
{
    m_waiting.remove(exchange);
    m_running.push_back(exchange);
    if (!exchange->startedAt) {
        exchange->startedAt = m_surroundings.clock->monotonic();
        checkTotal(exchange);
    }
    ++exchange->attempts;
    const NetworkLanes::Lane &lane = m_lanes.freest([this](const NetworkLanes::Lane &one) {
        return std::count_if(
            m_running.begin(), m_running.end(), [&one](const ExchangePointer &running) {
                return running->attempt && running->attempt->uses(one.network.get());
            });
    });
    exchange->attempt
        = std::make_unique<HttpAttempt>(lane.network, m_settings, m_trust, *m_surroundings.clock,
            [this, weak = std::weak_ptr<Exchange>(exchange)](domain::Result<HttpResponse> result) {
                if (const ExchangePointer answered = weak.lock())
                    takeResult(answered, std::move(result));
            });
    const bool mayBeReused = lane.hasAnswered && exchange->hop.method == "GET";
    exchange->attempt->start(wireOf(exchange->request, exchange->hop, m_settings.authHeaders),
        mayBeReused && !exchange->isOnNewConnection ? std::optional(m_reusePatience)
                                                    : std::nullopt);
}

void RequestQueue::checkTotal(const ExchangePointer &exchange)
{
    const milliseconds used = m_surroundings.clock->monotonic() - *exchange->startedAt;
    const qint64 received = exchange->attempt ? exchange->attempt->receivedBytes() : 0;
    const milliseconds left
        = m_settings.totalTimeout + milliseconds(received / slowestBytesPerMs) - used;
    if (left.count() > 0) {
        exchange->total
            = m_surroundings.clock->after(left, [this, weak = std::weak_ptr<Exchange>(exchange)] {
                  if (const ExchangePointer late = weak.lock())
                      checkTotal(late);
              });
        return;
    }
    Error error = makeError(ErrorKind::Timeout, "The request took longer than its time limit.");
    error.mayRetry = true;
    finish(exchange, domain::failure(error));
    pump();
}

void RequestQueue::forget(const ExchangePointer &exchange)
{
    exchange->total.cancel();
    m_waiting.remove(exchange);
    m_running.remove(exchange);
}

void RequestQueue::takeResult(const ExchangePointer &exchange, domain::Result<HttpResponse> result)
{
    m_running.remove(exchange);
    const bool isLost = exchange->attempt->lostPatience();
    if (!result && (exchange->isStuck() || isLost))
        m_lanes.renew([&exchange](const NetworkLanes::Lane &lane) {
            return exchange->attempt->uses(lane.network.get());
        });
    learnPatience(*exchange);
    exchange->dropAttempt();
    if (isLost) {
        exchange->isOnNewConnection = true;
        --exchange->attempts;
        m_waiting.push_front(exchange);
        return pump();
    }
    if (result)
        takeResponse(exchange, std::move(*result));
    else
        takeError(exchange, result.error());
    pump();
}

void RequestQueue::learnPatience(const Exchange &exchange)
{
    const std::optional<milliseconds> firstByte = exchange.attempt->firstByteAfter();
    if (!firstByte)
        return;
    m_lanes.noteAnswer([&exchange](const NetworkLanes::Lane &lane) {
        return exchange.attempt->uses(lane.network.get());
    });
    if (exchange.isOnNewConnection && *firstByte >= m_reusePatience) // it is just slow
        m_reusePatience = std::min(2 * m_reusePatience, m_settings.firstByteTimeout);
}

void RequestQueue::takeResponse(const ExchangePointer &exchange, HttpResponse response)
{
    const RateLimits limits = rateLimitsOf(response, m_surroundings.clock->utc());
    if (exchange->hop.keepsSecrets)
        m_gate.learn(limits);
    const bool accepted = exchange->request.acceptStatuses.contains(response.status);
    if (!accepted && isRedirect(response))
        return takeRedirect(exchange, response);
    if (!accepted && (response.status < 200 || response.status > 299))
        return takeStatusError(exchange, response, limits);

    m_failuresInRow = 0;
    m_gate.open();
    const bool isWrongPage = isHtml(response)
        && (exchange->request.expectJson || (exchange->redirects > 0 && looksLikeSignIn(response)));
    if (!isWrongPage || response.body.isEmpty())
        return finish(exchange, std::move(response));
    const Error error = errorOfPage(response);
    if (error.kind == ErrorKind::Auth)
        latch(error);
    finish(exchange, domain::failure(error));
}

void RequestQueue::takeRedirect(const ExchangePointer &exchange, const HttpResponse &response)
{
    if (++exchange->redirects > mostRedirects)
        return finish(exchange,
            domain::failure(makeError(ErrorKind::Server, "The server redirects in a circle.")));
    domain::Result<Hop> hop
        = nextHop(response, exchange->hop.method, exchange->hop.url, m_settings.origin);
    if (!hop)
        return finish(exchange, domain::failure(hop.error()));
    hop->keepsBody = hop->keepsBody && exchange->hop.keepsBody;
    exchange->hop = *hop;
    --exchange->attempts;
    m_waiting.push_front(exchange);
}

void RequestQueue::takeStatusError(
    const ExchangePointer &exchange, const HttpResponse &response, const RateLimits &limits)
{
    Error error = errorOfStatus(response.status, limits);
    error.serverWords = withoutSecrets(serverWords(response), m_settings.authHeaders);
    if (!exchange->hop.keepsSecrets && (response.status == 401 || response.status == 403)) {
        error.message = QCoreApplication::translate("net",
            "The server has moved to %1, where the token is not sent. Put this address into the "
            "settings.")
                            .arg(response.url.host());
        return finish(exchange, domain::failure(error));
    }
    if (error.kind == ErrorKind::Auth)
        latch(error);
    const bool isLimit = response.status == 429 || (response.status == 503 && limits.retryAt);
    if (isLimit && exchange->hop.keepsSecrets) {
        m_gate.close(limits);
        if (!error.retryAt)
            error.retryAt = m_gate.limitedUntil();
    }
    takeError(exchange, std::move(error));
}

void RequestQueue::takeError(const ExchangePointer &exchange, Error error)
{
    if (error.mayRetry && error.kind != ErrorKind::RateLimited)
        ++m_failuresInRow;
    if (error.kind == ErrorKind::Timeout)
        ++exchange->timeouts;
    const std::optional<milliseconds> wait = waitBeforeRepeating(*exchange, error);
    if (!wait)
        return finish(exchange, domain::failure(std::move(error)));
    exchange->notBefore = std::max(m_surroundings.clock->monotonic() + *wait, m_gate.startTime());
    m_waiting.push_front(exchange);
}

std::optional<milliseconds> RequestQueue::waitBeforeRepeating(
    const Exchange &exchange, const Error &error) const
{
    const bool isPointless = !error.mayRetry || !exchange.mayRepeat()
        || exchange.attempts >= m_settings.maxAttempts || exchange.timeouts > 1
        || m_failuresInRow >= failuresBeforeHaste;
    if (isPointless)
        return std::nullopt;
    milliseconds wait = Backoff().wait(exchange.attempts - 1, m_surroundings.random());
    if (error.retryAt) {
        const milliseconds named(
            std::max<qint64>(0, m_surroundings.clock->utc().msecsTo(*error.retryAt)));
        if (named > longestPatience)
            return std::nullopt;
        wait += named;
    }
    const milliseconds used = m_surroundings.clock->monotonic() - *exchange.startedAt;
    return used + wait < m_settings.totalTimeout ? std::optional(wait) : std::nullopt;
}

void RequestQueue::latch(const Error &error)
{
    m_signInNeeded = error;
}

void RequestQueue::finish(const ExchangePointer &exchange, domain::Result<HttpResponse> result)
{
    forget(exchange);
    exchange->dropAttempt();
    if (!result && result.error().where.isEmpty())
        result.error().where = placeOf(exchange->request.method, exchange->hop.url);
    exchange->promise.finishLater(this, std::move(result));
}

void RequestQueue::refuse(
    const Promise<HttpResponse> &promise, Error error, const HttpRequest &request)
{
    error.where = QString::fromLatin1(request.method);
    promise.finishLater(this, domain::failure(std::move(error)));
}

} // namespace faultline::net
