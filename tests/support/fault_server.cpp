// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/fault_server.h"

#include "tests/support/fault_connection.h"

#include <QHash>
#include <QMutex>
#include <QPointer>
#include <QTcpServer>

#include <arpa/inet.h>
#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

namespace faultline::tests {

QByteArray Received::header(const QByteArray &name) const
{
    for (const Header &header : headers) {
        if (header.first.compare(name, Qt::CaseInsensitive) == 0)
            return header.second;
    }
    return {};
}

/// Lives in the server's thread; what tests ask for is behind the mutex.
class FaultServer::Listener : public QTcpServer, public FaultListener
{
public:
    explicit Listener(std::optional<TlsSetup> tls)
        : m_tls(std::move(tls))
    {
    }

    ~Listener() override
    {
        const QList<QPointer<FaultConnection>> connections = std::exchange(m_connections, {});
        for (const QPointer<FaultConnection> &connection : connections)
            delete connection.data();
    }

    void tookBytes(const QByteArray &bytes) override
    {
        const QMutexLocker lock(&mutex);
        receivedBytes += bytes.size();
        if (everything.size() < (64 << 20))
            everything += bytes;
    }

    [[nodiscard]] Answer answerFor(const Received &request) override
    {
        std::function<std::optional<Answer>(const Received &)> ask;
        {
            const QMutexLocker lock(&mutex);
            requests.append(request);
            mostAtOnce = std::max(mostAtOnce, ++m_atOnce);
            ask = decide;
        }
        if (const std::optional<Answer> decided = ask ? ask(request) : std::nullopt)
            return *decided;
        const QMutexLocker lock(&mutex);
        QList<Answer> &next = answers[request.path];
        if (next.isEmpty())
            return json("{\"message\":\"404 Not Found\"}", 404);
        return next.size() > 1 ? next.takeFirst() : next.first();
    }

    void tookMessage(const QByteArray &message) override
    {
        const QMutexLocker lock(&mutex);
        messages.append(message);
    }

    void answered() override
    {
        const QMutexLocker lock(&mutex);
        --m_atOnce;
    }

    void ended() override
    {
        const QMutexLocker lock(&mutex);
        --openConnections;
    }

    void eachConnection(const std::function<void(FaultConnection &)> &action)
    {
        const QList<QPointer<FaultConnection>> connections = m_connections;
        for (const QPointer<FaultConnection> &connection : connections) {
            if (connection)
                action(*connection);
        }
    }

    QMutex mutex;
    QHash<QByteArray, QList<Answer>> answers;
    std::function<std::optional<Answer>(const Received &)> decide;
    QList<Received> requests;
    QList<QByteArray> messages;
    QByteArray everything;
    qint64 receivedBytes = 0;
    int openConnections = 0;
    int acceptedConnections = 0;
    int mostAtOnce = 0;

protected:
    void incomingConnection(qintptr descriptor) override
    {
        int number = 0;
        {
            const QMutexLocker lock(&mutex);
            ++openConnections;
            number = ++acceptedConnections;
        }
        m_connections.removeAll(QPointer<FaultConnection>());
        m_connections.append(new FaultConnection(*this, descriptor, number, m_tls));
    }

public:
    void changeIdentity(const TlsIdentity &identity) { m_tls->identity = identity; }

private:
    std::optional<TlsSetup> m_tls;
    QList<QPointer<FaultConnection>> m_connections;
    int m_atOnce = 0;
};

FaultServer::FaultServer()
{
    begin(std::nullopt);
}

FaultServer::FaultServer(const TlsSetup &tls)
{
    begin(tls);
}

void FaultServer::begin(const std::optional<TlsSetup> &tls)
{
    m_isSecure = tls.has_value();
    m_listener = std::make_unique<Listener>(tls);
    m_listener->moveToThread(&m_thread);
    m_thread.start();
    QMetaObject::invokeMethod(
        m_listener.get(),
        [this] {
            if (m_listener->listen(QHostAddress::LocalHost, m_port))
                m_port = m_listener->serverPort();
        },
        Qt::BlockingQueuedConnection);
}

FaultServer::~FaultServer()
{
    QMetaObject::invokeMethod(
        m_listener.get(), [this] { delete m_listener.release(); }, Qt::BlockingQueuedConnection);
    m_thread.quit();
    m_thread.wait();
}

QUrl FaultServer::url() const
{
    QUrl url;
    url.setScheme(m_isSecure ? QStringLiteral("https") : QStringLiteral("http"));
    url.setHost(QStringLiteral("127.0.0.1"));
    url.setPort(m_port);
    return url;
}

quint16 FaultServer::port() const
{
    return m_port;
}

void FaultServer::answer(const QByteArray &path, const QList<Answer> &answers)
{
    const QMutexLocker lock(&m_listener->mutex);
    m_listener->answers[path] = answers;
}

void FaultServer::answerBy(std::function<std::optional<Answer>(const Received &)> decide)
{
    const QMutexLocker lock(&m_listener->mutex);
    m_listener->decide = std::move(decide);
}

QList<Received> FaultServer::requests() const
{
    const QMutexLocker lock(&m_listener->mutex);
    return m_listener->requests;
}

qsizetype FaultServer::requestCount(const QByteArray &path) const
{
    const QList<Received> all = requests();
    return std::count_if(all.begin(), all.end(),
        [&path](const Received &request) { return path.isEmpty() || request.path == path; });
}

QList<QByteArray> FaultServer::messages() const
{
    const QMutexLocker lock(&m_listener->mutex);
    return m_listener->messages;
}

qint64 FaultServer::receivedBytes() const
{
    const QMutexLocker lock(&m_listener->mutex);
    return m_listener->receivedBytes;
}

bool FaultServer::hasReceived(const QByteArray &secret) const
{
    const QMutexLocker lock(&m_listener->mutex);
    return m_listener->everything.contains(secret);
}

int FaultServer::openConnections() const
{
    const QMutexLocker lock(&m_listener->mutex);
    return m_listener->openConnections;
}

int FaultServer::acceptedConnections() const
{
    const QMutexLocker lock(&m_listener->mutex);
    return m_listener->acceptedConnections;
}

int FaultServer::mostAtOnce() const
{
    const QMutexLocker lock(&m_listener->mutex);
    return m_listener->mostAtOnce;
}

void FaultServer::changeIdentity(const TlsIdentity &identity)
{
    QMetaObject::invokeMethod(
        m_listener.get(), [this, identity] { m_listener->changeIdentity(identity); },
        Qt::BlockingQueuedConnection);
}

void FaultServer::sendFrame(const QByteArray &path, const QByteArray &bytes)
{
    Listener *listener = m_listener.get();
    QMetaObject::invokeMethod(
        listener,
        [listener, path, bytes] {
            listener->eachConnection(
                [&](FaultConnection &connection) { connection.sendFrame(path, bytes); });
        },
        Qt::QueuedConnection);
}

void FaultServer::dropConnections()
{
    Listener *listener = m_listener.get();
    QMetaObject::invokeMethod(
        listener,
        [listener] {
            listener->eachConnection([](FaultConnection &connection) { connection.reset(); });
        },
        Qt::BlockingQueuedConnection);
}

void FaultServer::stop()
{
    Listener *listener = m_listener.get();
    QMetaObject::invokeMethod(
        listener, [listener] { listener->close(); }, Qt::BlockingQueuedConnection);
    dropConnections();
}

bool FaultServer::restart()
{
    Listener *listener = m_listener.get();
    bool listens = false;
    QMetaObject::invokeMethod(
        listener,
        [this, listener, &listens] { listens = listener->listen(QHostAddress::LocalHost, m_port); },
        Qt::BlockingQueuedConnection);
    return listens;
}

quint16 closedPort()
{
    QTcpServer server;
    server.listen(QHostAddress::LocalHost);
    return server.serverPort();
}

UnansweringPort::UnansweringPort()
{
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    const int listener = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    m_sockets << listener;
    ::bind(listener, reinterpret_cast<sockaddr *>(&address), sizeof address);
    ::getsockname(listener, reinterpret_cast<sockaddr *>(&address), &size);
    m_port = ntohs(address.sin_port);
    ::listen(listener, 0);
    // Once the queue of the listener is full, further connections get no answer at all.
    for (int i = 0; i < 4; ++i) {
        const int filler = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
        ::connect(filler, reinterpret_cast<sockaddr *>(&address), sizeof address);
        m_sockets << filler;
    }
}

UnansweringPort::~UnansweringPort()
{
    for (const int socket : m_sockets)
        ::close(socket);
}

} // namespace faultline::tests
