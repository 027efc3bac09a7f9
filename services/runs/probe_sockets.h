// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QHash>
#include <QObject>
#include <QSocketNotifier>
#include <QStringList>
#include <QTimer>

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <vector>

#include <sys/socket.h>

namespace faultline::runs {

/// Opens many short connections with little work: plain sockets in one set that the thread's event
/// loop watches by a single descriptor, and one timer for all their deadlines. What a probe
/// measures is then the target and not this program. Used on one thread.
class ProbeSockets : public QObject
{
public:
    using Clock = std::chrono::steady_clock;
    using Done = std::function<void(bool isOk)>;

    explicit ProbeSockets(QObject *parent = nullptr);
    ~ProbeSockets() override;

    /// True when it can go to all of them: each is an IPv4 or IPv6 address with a port.
    [[nodiscard]] bool canReach(const QStringList &candidates);

    /// Tries the candidates one after another until one of them answers: accepts the connection,
    /// or, if `path` is not empty, answers "GET path" with a status below 400. `done` is called
    /// exactly once, at the latest at the deadline, and never from inside this function.
    void start(QStringList candidates, QByteArray path, Clock::time_point deadline, Done done);

    /// Looks at once what has been answered, without waiting for the event loop.
    void look();

private:
    struct Attempt;
    struct Address
    {
        sockaddr_storage storage{};
        socklen_t size = 0; // 0: it is none
    };

    [[nodiscard]] static Address parsed(const QString &candidate);
    [[nodiscard]] const Address &addressOf(const QString &candidate);
    void tryNext(const std::shared_ptr<Attempt> &attempt);
    void advance(int descriptor);
    void sendRequest(Attempt &attempt) const;
    /// True when the answer is there, or can't come any more.
    [[nodiscard]] static bool readAnswer(Attempt &attempt);
    void watch(int descriptor, unsigned events, bool isNew) const;
    void forget(Attempt &attempt);
    void finish(const std::shared_ptr<Attempt> &attempt, bool isOk);
    void expire();
    void armTimer();

    int m_set;
    std::unique_ptr<QSocketNotifier> m_notifier;
    QTimer m_timer;
    QHash<QString, Address> m_addresses; // few, and asked for at every attempt
    std::map<int, std::shared_ptr<Attempt>> m_open; // by descriptor
    std::multimap<Clock::time_point, std::weak_ptr<Attempt>> m_deadlines;
    std::vector<std::shared_ptr<Attempt>>
        m_hopeless; // no candidate is left: to be told from the loop
};

} // namespace faultline::runs
