// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/stacks/rancher/rancher_feed.h"

#include "services/domain/attempt_delay.h"
#include "services/stacks/rancher/rancher_paths.h"

namespace faultline::stacks::rancher {

using domain::ErrorKind;
using domain::FeedHealth;
using std::chrono::milliseconds;

namespace {

constexpr milliseconds silenceLimit{ 11'000 }; // the server pings every 5 s
constexpr milliseconds batchInterval{ 50 };
constexpr milliseconds pollInterval{ 5'000 };
constexpr milliseconds resyncInterval{ 600'000 };
constexpr milliseconds soonResync{ 2'000 };
constexpr qsizetype mostEarlyEvents = 200'000;
/// A frame on its way while the lists were read may be older than they are. Its row's last change
/// follows within a second (facts: rancher.md §5.1), and some time for the network.
constexpr milliseconds doubtAfterLists{ 1'200 };

/// Only a person can mend these.
bool isRefusal(const domain::Error &error)
{
    return error.kind == ErrorKind::Auth || error.kind == ErrorKind::Tls
        || error.kind == ErrorKind::Forbidden;
}

} // namespace

RancherFeed::RancherFeed(std::unique_ptr<RancherClient> client)
    : m_client(std::move(client))
{
}

RancherFeed::~RancherFeed() = default;

void RancherFeed::start()
{
    m_health = healthSince(FeedHealth::Kind::Connecting);
    Q_EMIT healthChanged(m_health);
    connectNow();
}

void RancherFeed::retryNow()
{
    if (m_isOpen && m_settling.isActive())
        return; // the lists have only just been read
    if (m_isOpen && !m_isListing) {
        readLists(Purpose::Resync);
        return;
    }
    if (m_socket || m_resolving.isActive())
        return; // an attempt is under way
    m_client->resume();
    m_attempts = 0;
    if (m_health.kind == FeedHealth::Kind::Refused)
        setHealth(healthSince(FeedHealth::Kind::Connecting));
    connectNow();
}

void RancherFeed::connectNow()
{
    m_retrying.cancel();
    m_resolving = m_client->projectPath([this](domain::Result<QString> project) {
        if (project)
            openSocket(*project);
        else if (isRefusal(project.error()))
            refuse(project.error());
        else
            lose(project.error());
    });
}

void RancherFeed::openSocket(const QString &project)
{
    m_socket = std::make_unique<net::WebSocket>(m_client->settings(), subscribePath(project), true);
    m_socket->setWatchdog(silenceLimit);
    connect(m_socket.get(), &net::WebSocket::opened, this, &RancherFeed::takeOpened);
    connect(m_socket.get(), &net::WebSocket::textReceived, this,
        [this](const QString &text) { takeFrame(text.toUtf8()); });
    connect(m_socket.get(), &net::WebSocket::failed, this, &RancherFeed::lose);
    connect(m_socket.get(), &net::WebSocket::closed, this, [this] {
        domain::Error error;
        error.kind = ErrorKind::Network;
        error.message = tr("The server closed the connection for live changes.");
        error.mayRetry = true;
        lose(error);
    });
    m_socket->open();
}

void RancherFeed::takeOpened()
{
    m_isOpen = true;
    m_pollTimer.cancel();
    readLists(Purpose::FirstAfterConnect);
}

void RancherFeed::takeFrame(const QByteArray &frame)
{
    domain::Result<Event> event = parseEvent(frame);
    if (!event) {
        resyncAfter(soonResync); // a change may have been in it
        return;
    }
    if (!m_isListing)
        m_lastRight = now();
    if (std::holds_alternative<Logout>(*event)) {
        domain::Error error;
        error.kind = ErrorKind::Network;
        error.message = tr("The server ended this session; signing in again.");
        error.mayRetry = true;
        lose(error);
        return;
    }
    if (std::holds_alternative<Ping>(*event) || std::holds_alternative<OtherChange>(*event))
        return;
    if (m_isListing && m_early.size() < mostEarlyEvents) {
        m_early.append(std::move(*event));
    } else if (!m_isListing) {
        takeChange(*event);
    }
}

void RancherFeed::takeChange(const Event &event)
{
    const QString id = idOf(event);
    if (m_settling.isActive() && m_unsettled.contains(id)) {
        m_doubtful.insert(id, event);
        return;
    }
    m_collections.apply(event);
    scheduleFlush();
}

void RancherFeed::settle()
{
    m_settling.cancel();
    for (const Event &event : std::exchange(m_doubtful, {}))
        m_collections.apply(event);
    m_unsettled.clear();
    scheduleFlush();
}

void RancherFeed::closeSocket()
{
    m_isOpen = false;
    if (!m_socket)
        return;
    m_socket->disconnect(this);
    m_socket.release()->deleteLater(); // this may be its own signal
}

void RancherFeed::readLists(Purpose purpose)
{
    m_isListing = true;
    m_early.clear();
    m_settling.cancel();
    m_doubtful.clear(); // these lists know better
    m_resyncing.cancel();
    m_reading = m_client->snapshot([this, purpose](domain::Result<StackSnapshot> snapshot) {
        takeLists(purpose, std::move(snapshot));
    });
}

void RancherFeed::takeLists(Purpose purpose, domain::Result<StackSnapshot> snapshot)
{
    m_isListing = false;
    if (!snapshot) {
        if (isRefusal(snapshot.error()))
            refuse(snapshot.error());
        else if (purpose == Purpose::Poll)
            endPolling();
        else
            lose(snapshot.error());
        return;
    }
    applySnapshot(*snapshot, purpose == Purpose::FirstAfterConnect || !m_hasData);
    if (purpose == Purpose::Poll) {
        m_isPolling = true;
        FeedHealth health = healthSince(FeedHealth::Kind::Polling);
        health.pollIntervalMs = static_cast<int>(pollInterval.count());
        setHealth(health);
        m_pollTimer = after(pollInterval, [this] { readLists(Purpose::Poll); });
        return;
    }
    m_attempts = 0;
    m_isPolling = false;
    setHealth(healthSince(FeedHealth::Kind::Live));
    resyncAfter(resyncInterval);
}

void RancherFeed::applySnapshot(const StackSnapshot &snapshot, bool asSnapshot)
{
    m_unsettled = m_collections.differingIn(snapshot);
    if (asSnapshot)
        m_collections.reset(snapshot);
    else
        m_collections.merge(snapshot);
    // A frame may be older than the lists. Whatever changed after it has a frame of its own, still
    // to come.
    for (const Event &event : std::exchange(m_early, {})) {
        m_collections.apply(event);
        m_unsettled.remove(idOf(event));
    }
    // Rows that the lists changed must not go back to what an older frame says.
    m_settling = after(doubtAfterLists, [this] { settle(); });
    m_hasData = true;
    m_lastRight = now();
    flush();
}

void RancherFeed::resyncAfter(milliseconds delay)
{
    // A sooner one stays; the periodic one is set anew after each reading.
    if (delay < resyncInterval || !m_resyncing.isActive()) {
        m_resyncing = after(delay, [this] {
            if (m_isOpen && !m_isListing)
                readLists(Purpose::Resync);
        });
    }
}

void RancherFeed::lose(const domain::Error &error)
{
    // Over HTTP the server may still answer what it refuses on a socket (a proxy without upgrade, a
    // role without subscribe), and a socket that falls silent again and again is no reason to show
    // nothing.
    const bool wasRefused = !m_isOpen && (error.status != 0 || error.kind == ErrorKind::Forbidden);
    const bool onlySignIn = error.kind == ErrorKind::Auth || error.kind == ErrorKind::Tls;
    closeSocket();
    if (onlySignIn) {
        refuse(error);
        return;
    }
    if (!m_isPolling) {
        m_reading.cancel();
        m_isListing = false;
    }
    m_resyncing.cancel();
    m_settling.cancel();
    m_doubtful.clear(); // the next lists know better
    ++m_attempts;
    const bool isLoopback = domain::isLoopbackHost(m_client->settings().origin.host());
    milliseconds delay = domain::attemptDelay(m_attempts, milliseconds(1000),
        domain::longestAttemptDelay, isLoopback, m_client->surroundings().random());
    if (error.retryAt)
        delay = std::max(delay, milliseconds(now().msecsTo(*error.retryAt)));
    m_retrying = after(delay, [this] { connectNow(); });
    if (m_isPolling)
        return;
    FeedHealth health = healthSince(FeedHealth::Kind::Stale);
    health.since = m_lastRight;
    health.error = error;
    health.nextAttempt = now().addMSecs(delay.count());
    setHealth(health);
    if (wasRefused || (m_attempts >= 3 && error.kind != ErrorKind::Network))
        readLists(Purpose::Poll);
}

void RancherFeed::refuse(const domain::Error &error)
{
    closeSocket();
    m_reading.cancel();
    m_resolving.cancel();
    m_retrying.cancel();
    m_resyncing.cancel();
    m_settling.cancel();
    m_doubtful.clear();
    m_pollTimer.cancel();
    m_isListing = false;
    m_isPolling = false;
    FeedHealth health = healthSince(FeedHealth::Kind::Refused);
    health.error = error;
    setHealth(health);
}

void RancherFeed::endPolling()
{
    m_pollTimer.cancel();
    if (!std::exchange(m_isPolling, false))
        return; // the reason for Stale is known already
    FeedHealth health = healthSince(FeedHealth::Kind::Stale);
    health.since = m_lastRight;
    setHealth(health);
}

void RancherFeed::scheduleFlush()
{
    if (m_flushing.isActive() || !m_collections.hasChanges())
        return;
    const milliseconds passed = m_client->surroundings().clock->monotonic() - m_lastFlush;
    m_flushing = after(std::max(milliseconds(0), batchInterval - passed), [this] { flush(); });
}

void RancherFeed::flush()
{
    m_flushing.cancel();
    if (!m_collections.hasChanges())
        return;
    m_lastFlush = m_client->surroundings().clock->monotonic();
    Q_EMIT changed(m_collections.take());
}

void RancherFeed::setHealth(FeedHealth health)
{
    const bool sameKind = health.kind == m_health.kind;
    const bool isSteady
        = health.kind == FeedHealth::Kind::Live || health.kind == FeedHealth::Kind::Polling;
    if (sameKind && isSteady)
        return; // it holds since it began
    m_health = std::move(health);
    Q_EMIT healthChanged(m_health);
}

FeedHealth RancherFeed::healthSince(FeedHealth::Kind kind) const
{
    FeedHealth out;
    out.kind = kind;
    out.since = now();
    return out;
}

QDateTime RancherFeed::now() const
{
    return m_client->surroundings().clock->utc();
}

net::Call RancherFeed::after(milliseconds delay, std::function<void()> action)
{
    return m_client->surroundings().clock->after(delay, std::move(action));
}

} // namespace faultline::stacks::rancher
