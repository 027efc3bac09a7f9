// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/runs/probe_sockets.h"

#include <QHostAddress>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

#include <netinet/in.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace faultline::runs {

namespace {

constexpr qsizetype largestAnswer = 1 << 20;
constexpr std::size_t readAtOnce = 16 << 10;
constexpr int eventsAtOnce = 64;
constexpr qsizetype mostAddresses = 1'000;

/// The status of an HTTP answer; 0 while it is not complete, or when it is none.
int statusOf(const QByteArray &answer, bool isAtEnd)
{
    const qsizetype head = answer.indexOf("\r\n\r\n");
    if (!answer.startsWith("HTTP/1.") || head < 0)
        return 0;
    const QByteArray fields = answer.left(head + 2).toLower();
    const qsizetype length = fields.indexOf("\r\ncontent-length:");
    if (length < 0 && !isAtEnd)
        return 0;
    if (length >= 0) {
        const qsizetype begin = length + 17;
        const auto body = fields.mid(begin, fields.indexOf('\r', begin) - begin).trimmed();
        if (answer.size() < head + 4 + body.toLongLong())
            return 0;
    }
    return answer.mid(9, 3).toInt();
}

} // namespace

struct ProbeSockets::Attempt
{
    QStringList candidates; // not tried yet
    QByteArray path;
    Clock::time_point deadline;
    Done done;
    std::multimap<Clock::time_point, std::weak_ptr<Attempt>>::iterator place;
    QByteArray host;
    QByteArray received;
    int descriptor = -1;
    bool isConnected = false;
    bool isOk = false;
};

ProbeSockets::ProbeSockets(QObject *parent)
    : QObject(parent)
    , m_set(epoll_create1(EPOLL_CLOEXEC))
    , m_timer(this)
{
    // A child, so that it follows when this is moved to the probes' thread.
    m_notifier = std::make_unique<QSocketNotifier>(m_set, QSocketNotifier::Read, this);
    connect(m_notifier.get(), &QSocketNotifier::activated, this, [this] { look(); });
    m_timer.setSingleShot(true);
    m_timer.setTimerType(Qt::PreciseTimer);
    connect(&m_timer, &QTimer::timeout, this, [this] { expire(); });
}

ProbeSockets::~ProbeSockets()
{
    for (const auto &[descriptor, attempt] : m_open)
        ::close(descriptor);
    m_notifier.reset();
    ::close(m_set);
}

ProbeSockets::Address ProbeSockets::parsed(const QString &candidate)
{
    Address out;
    const qsizetype colon = candidate.lastIndexOf(u':');
    QString host = candidate.left(colon);
    if (host.startsWith(u'[') && host.endsWith(u']'))
        host = host.mid(1, host.size() - 2);
    bool isPort = false;
    const quint16 port = candidate.mid(colon + 1).toUShort(&isPort);
    const QHostAddress parsed(host);
    if (colon < 0 || !isPort || port == 0 || parsed.isNull())
        return out;
    if (parsed.protocol() == QAbstractSocket::IPv4Protocol) {
        auto *four = reinterpret_cast<sockaddr_in *>(&out.storage);
        four->sin_family = AF_INET;
        four->sin_port = htons(port);
        four->sin_addr.s_addr = htonl(parsed.toIPv4Address());
        out.size = sizeof *four;
    } else {
        auto *six = reinterpret_cast<sockaddr_in6 *>(&out.storage);
        six->sin6_family = AF_INET6;
        six->sin6_port = htons(port);
        const Q_IPV6ADDR bytes = parsed.toIPv6Address();
        std::memcpy(&six->sin6_addr, bytes.c, sizeof six->sin6_addr);
        out.size = sizeof *six;
    }
    return out;
}

const ProbeSockets::Address &ProbeSockets::addressOf(const QString &candidate)
{
    const auto known = m_addresses.constFind(candidate);
    if (known != m_addresses.constEnd())
        return *known;
    if (m_addresses.size() >= mostAddresses)
        m_addresses.clear();
    return *m_addresses.insert(candidate, parsed(candidate));
}

bool ProbeSockets::canReach(const QStringList &candidates)
{
    for (const QString &candidate : candidates) {
        if (addressOf(candidate).size == 0)
            return false;
    }
    return true;
}

void ProbeSockets::start(
    QStringList candidates, QByteArray path, Clock::time_point deadline, Done done)
{
    auto attempt = std::make_shared<Attempt>();
    attempt->candidates = std::move(candidates);
    attempt->path = std::move(path);
    attempt->deadline = deadline;
    attempt->done = std::move(done);
    attempt->place = m_deadlines.emplace(deadline, attempt);
    tryNext(attempt);
    armTimer();
}

void ProbeSockets::tryNext(const std::shared_ptr<Attempt> &attempt)
{
    while (!attempt->candidates.isEmpty()) {
        const QString candidate = attempt->candidates.takeFirst();
        const Address address = addressOf(candidate);
        const int descriptor = ::socket(
            address.storage.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, IPPROTO_TCP);
        if (descriptor < 0)
            continue;
        const auto *raw = reinterpret_cast<const sockaddr *>(&address.storage);
        if (::connect(descriptor, raw, address.size) != 0 && errno != EINPROGRESS) {
            ::close(descriptor);
            continue;
        }
        attempt->descriptor = descriptor;
        attempt->isConnected = false;
        attempt->host = candidate.toLatin1();
        attempt->received.clear();
        m_open[descriptor] = attempt;
        return watch(descriptor, EPOLLOUT, true);
    }
    m_hopeless.push_back(attempt);
    QTimer::singleShot(0, this, [this] { look(); });
}

void ProbeSockets::watch(int descriptor, unsigned events, bool isNew) const
{
    epoll_event event{};
    event.events = events;
    event.data.fd = descriptor;
    epoll_ctl(m_set, isNew ? EPOLL_CTL_ADD : EPOLL_CTL_MOD, descriptor, &event);
}

void ProbeSockets::look()
{
    std::array<epoll_event, eventsAtOnce> events{};
    const int count = epoll_wait(m_set, events.data(), eventsAtOnce, 0);
    for (int i = 0; i < count; ++i)
        advance(events.at(static_cast<std::size_t>(i)).data.fd);
    for (const auto &attempt : std::exchange(m_hopeless, {}))
        finish(attempt, false);
}

void ProbeSockets::advance(int descriptor)
{
    const auto found = m_open.find(descriptor);
    if (found == m_open.end())
        return;
    const auto attempt = found->second;
    if (!attempt->isConnected) {
        int error = 0;
        socklen_t size = sizeof error;
        getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &error, &size);
        if (error != 0) {
            forget(*attempt);
            return tryNext(attempt);
        }
        attempt->isConnected = true;
        if (attempt->path.isEmpty())
            return finish(attempt, true);
        sendRequest(*attempt);
        return watch(descriptor, EPOLLIN, false);
    }
    if (!readAnswer(*attempt))
        return;
    if (attempt->isOk)
        return finish(attempt, true);
    forget(*attempt);
    tryNext(attempt);
}

void ProbeSockets::sendRequest(Attempt &attempt) const
{
    const QByteArray request = "GET " + attempt.path + " HTTP/1.1\r\nHost: " + attempt.host
        + "\r\nUser-Agent: faultlinectl\r\nAccept: */*\r\nConnection: close\r\n\r\n";
    // It fits into the buffer of a fresh connection; one that is closed shows when it is read.
    (void)::send(attempt.descriptor, request.constData(), static_cast<std::size_t>(request.size()),
        MSG_NOSIGNAL);
}

bool ProbeSockets::readAnswer(Attempt &attempt)
{
    std::array<char, readAtOnce> bytes{};
    const ssize_t count = ::recv(attempt.descriptor, bytes.data(), bytes.size(), 0);
    if (count < 0 && (errno == EAGAIN || errno == EINTR))
        return false;
    if (count > 0)
        attempt.received.append(bytes.data(), static_cast<qsizetype>(count));
    const int status = statusOf(attempt.received, count <= 0);
    attempt.isOk = status > 0 && status < 400;
    return status > 0 || count <= 0 || attempt.received.size() > largestAnswer;
}

void ProbeSockets::forget(Attempt &attempt)
{
    if (attempt.descriptor < 0)
        return;
    m_open.erase(attempt.descriptor);
    ::close(attempt.descriptor); // leaves the set with it
    attempt.descriptor = -1;
}

void ProbeSockets::finish(const std::shared_ptr<Attempt> &attempt, bool isOk)
{
    if (!attempt->done)
        return;
    forget(*attempt);
    m_deadlines.erase(attempt->place);
    std::exchange(attempt->done, nullptr)(isOk);
}

void ProbeSockets::expire()
{
    const auto now = Clock::now();
    while (!m_deadlines.empty() && m_deadlines.begin()->first <= now) {
        if (const auto attempt = m_deadlines.begin()->second.lock())
            finish(attempt, false);
        else
            m_deadlines.erase(m_deadlines.begin());
    }
    armTimer();
}

/// One that ends soon enough is left alone: most attempts are over long before their deadline.
void ProbeSockets::armTimer()
{
    if (m_deadlines.empty())
        return;
    const auto left = std::max(std::chrono::milliseconds(0),
        std::chrono::ceil<std::chrono::milliseconds>(m_deadlines.begin()->first - Clock::now()));
    if (!m_timer.isActive() || m_timer.remainingTimeAsDuration() > left)
        m_timer.start(left);
}

} // namespace faultline::runs
