// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/net/web_socket.h"
#include "services/stacks/rancher/rancher_client.h"
#include "services/stacks/rancher/stack_collections.h"

namespace faultline::stacks::rancher {

/// StackFeed on the subscribe socket (facts: rancher.md §5.1): connect, then list, then apply what
/// arrived by id. When the socket is refused but requests work, it reads the lists every few
/// seconds and keeps trying the socket.
class RancherFeed : public StackFeed
{
    Q_OBJECT

public:
    explicit RancherFeed(std::unique_ptr<RancherClient> client);
    ~RancherFeed() override;

    void start() override;
    void retryNow() override;

private:
    enum class Purpose { FirstAfterConnect, Resync, Poll };

    void connectNow();
    void openSocket(const QString &project);
    void takeOpened();
    void takeFrame(const QByteArray &frame);
    void takeChange(const Event &event);
    void settle();
    void closeSocket();

    void readLists(Purpose purpose);
    void takeLists(Purpose purpose, domain::Result<StackSnapshot> snapshot);
    void applySnapshot(const StackSnapshot &snapshot, bool asSnapshot);
    void resyncAfter(std::chrono::milliseconds delay);

    void lose(const domain::Error &error);
    void refuse(const domain::Error &error);
    void endPolling();

    void scheduleFlush();
    void flush();
    void setHealth(domain::FeedHealth health);
    [[nodiscard]] domain::FeedHealth healthSince(domain::FeedHealth::Kind kind) const;
    [[nodiscard]] QDateTime now() const;
    [[nodiscard]] net::Call after(std::chrono::milliseconds delay, std::function<void()> action);

    std::unique_ptr<RancherClient> m_client;
    std::unique_ptr<net::WebSocket> m_socket;
    bool m_isOpen = false; // the socket's handshake succeeded
    bool m_isListing = false; // frames that arrive meanwhile are kept in m_early
    bool m_isPolling = false; // the last poll over HTTP succeeded
    int m_attempts = 0; // failed ones since it was last live
    QList<Event> m_early;
    QHash<QString, Event> m_doubtful; // the last frame of each row that may be older than the lists
    QSet<QString> m_unsettled; // rows whose frames may be, while m_settling

    StackCollections m_collections;
    bool m_hasData = false;
    QDateTime m_lastRight; // UTC; when the rows were last known to be right; invalid = never
    domain::FeedHealth m_health;
    std::chrono::milliseconds m_lastFlush{ -1000 }; // monotonic

    // Last members: what they hold is cancelled first.
    net::Call m_resolving;
    net::Call m_reading;
    net::Call m_flushing;
    net::Call m_retrying;
    net::Call m_resyncing;
    net::Call m_settling;
    net::Call m_pollTimer;
};

} // namespace faultline::stacks::rancher
