// SPDX-License-Identifier: GPL-3.0-or-later
// A GitLab with 5,000 jobs and a Rancher with 200 x 3 x 3 stacks on one port of 127.0.0.1, with
// container events over the subscribe socket: fixture_server [--jobs N] [--stacks N] [--events N].
// Prints its port, and ends with its parent.
#include "tests/bench_ui/fixture_json.h"
#include "tests/bench_ui/fixtures.h"

#include <QCoreApplication>
#include <QCryptographicHash>
#include <QElapsedTimer>
#include <QHash>
#include <QTcpServer>
#include <QTcpSocket>
#include <QTimer>
#include <QUrl>
#include <QUrlQuery>
#include <QtEndian>

#include <csignal>
#include <cstdio>
#include <random>
#include <sys/prctl.h>

using namespace faultline;

namespace {

constexpr int pageSize = 100;
constexpr int eventsBeginMs = 2500; // after a subscription, so that lists are read in peace
constexpr int batchMs = 5;

QByteArray header(const QByteArray &head, const QByteArray &name)
{
    for (const QByteArray &line : head.split('\n')) {
        const qsizetype colon = line.indexOf(':');
        if (colon > 0 && line.left(colon).trimmed().toLower() == name)
            return line.mid(colon + 1).trimmed();
    }
    return {};
}

QByteArray textFrame(const QByteArray &payload)
{
    QByteArray out("\x81", 1);
    if (payload.size() < 126) {
        out.append(static_cast<char>(payload.size()));
    } else {
        out.append(static_cast<char>(126));
        const quint16 size = qToBigEndian(static_cast<quint16>(payload.size()));
        out.append(reinterpret_cast<const char *>(&size), sizeof size);
    }
    return out + payload;
}

class Site : public QObject
{
public:
    Site(int jobs, int stacks, int events)
        : m_jobs(bench::jobSnapshot(jobs))
        , m_stacks(bench::stackSnapshot(stacks, 3, 3))
        , m_events(events)
    {
        connect(&m_server, &QTcpServer::newConnection, this, &Site::accept);
        m_server.listen(QHostAddress::LocalHost);
        makeAnswers();
    }
    [[nodiscard]] int port() const { return m_server.serverPort(); }

private:
    void makeAnswers()
    {
        m_rancher.insert("stacks", bench::collection(m_stacks.stacks.added));
        m_rancher.insert("services", bench::collection(m_stacks.services.added));
        m_rancher.insert("instances", bench::collection(m_stacks.containers.added));
        m_rancher.insert("hosts", bench::collection(m_stacks.hosts.added));
        for (const domain::Job &job : std::as_const(m_jobs.jobs.added))
            m_jobTexts.append(bench::jsonOf(job));
    }

    void accept()
    {
        while (QTcpSocket *socket = m_server.nextPendingConnection()) {
            socket->setSocketOption(QAbstractSocket::LowDelayOption, 1);
            connect(socket, &QTcpSocket::readyRead, this, [this, socket] { read(*socket); });
            connect(socket, &QTcpSocket::disconnected, this, [this, socket] {
                m_subscribers.removeAll(socket);
                m_buffers.remove(socket);
                socket->deleteLater();
            });
        }
    }

    void read(QTcpSocket &socket)
    {
        if (m_subscribers.contains(&socket)) {
            socket.readAll(); // pongs and the like
            return;
        }
        QByteArray &buffer = m_buffers[&socket];
        buffer += socket.readAll();
        for (qsizetype end = buffer.indexOf("\r\n\r\n"); end >= 0;
             end = buffer.indexOf("\r\n\r\n")) {
            const QByteArray head = buffer.left(end);
            buffer.remove(0, end + 4);
            answer(socket, head);
        }
    }

    void answer(QTcpSocket &socket, const QByteArray &head)
    {
        const QByteArray target = head.split(' ').value(1);
        if (target.contains("/subscribe")) {
            subscribe(socket, head);
            return;
        }
        QByteArray extra;
        const QByteArray body = bodyOf(QUrl(QString::fromLatin1(target)), extra);
        socket.write("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: "
            + QByteArray::number(body.size()) + "\r\n" + extra + "\r\n" + body);
    }

    QByteArray bodyOf(const QUrl &target, QByteArray &extra) const
    {
        const QByteArray path = target.path().toLatin1();
        const QUrlQuery query(target);
        const QByteArray last = path.mid(path.lastIndexOf('/') + 1);
        if (path.startsWith("/v2-beta/"))
            return m_rancher.value(last, R"({"type":"collection","data":[]})");
        if (last == "jobs" && path.contains("/pipelines/"))
            return pipelineJobs(path.split('/').value(path.count('/') - 1).toLongLong());
        if (last == "jobs")
            return jobs(query, extra);
        if (last == "pipelines")
            return pipelines(query);
        return R"({"id":1,"path_with_namespace":"db/stability","default_branch":"main"})";
    }

    QByteArray jobs(const QUrlQuery &query, QByteArray &extra) const
    {
        const QString before = query.queryItemValue(QStringLiteral("id_before"));
        const qsizetype from = before.isEmpty() ? m_jobTexts.size()
                                                : static_cast<qsizetype>(before.toLongLong()) - 1;
        QByteArrayList page;
        qsizetype at = from;
        while (at > 0 && page.size() < pageSize)
            page.append(m_jobTexts.at(--at));
        if (at > 0)
            extra = "Link: <http://127.0.0.1:" + QByteArray::number(port())
                + "/api/v4/projects/1/jobs?pagination=keyset&order_by=id&sort=desc&per_page=100"
                  "&id_before="
                + QByteArray::number(at + 1) + ">; rel=\"next\"\r\n";
        return '[' + page.join(',') + ']';
    }

    QByteArray pipelineJobs(qint64 pipeline) const
    {
        QByteArrayList out;
        for (qsizetype i = 0; i < m_jobTexts.size(); ++i) {
            if (m_jobs.jobs.added.at(i).pipelineId.value() == pipeline)
                out.append(m_jobTexts.at(i));
        }
        return '[' + out.join(',') + ']';
    }

    QByteArray pipelines(const QUrlQuery &query) const
    {
        QByteArrayList out;
        const bool wantsChanges = query.hasQueryItem(QStringLiteral("updated_after"));
        const auto &all = m_jobs.pipelines.added;
        for (qsizetype i = all.size(); !wantsChanges && i > 0 && out.size() < pageSize; --i)
            out.append(bench::jsonOf(all.at(i - 1)));
        return '[' + out.join(',') + ']';
    }

    void subscribe(QTcpSocket &socket, const QByteArray &head)
    {
        const QByteArray accepted = QCryptographicHash::hash(
            header(head, "sec-websocket-key") + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11",
            QCryptographicHash::Sha1)
                                        .toBase64();
        socket.write("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: "
                     "Upgrade\r\nSec-WebSocket-Accept: "
            + accepted + "\r\n\r\n");
        m_subscribers.append(&socket);
        m_clock.start();
        m_sent = 0;
        connect(&m_pings, &QTimer::timeout, &socket,
            [&socket] { socket.write(textFrame(R"({"name":"ping","data":{}})")); });
        m_pings.start(5000);
        m_timer.setTimerType(Qt::PreciseTimer);
        m_timer.disconnect();
        connect(&m_timer, &QTimer::timeout, this, &Site::sendEvents);
        m_timer.start(batchMs);
    }

    void sendEvents()
    {
        static constexpr domain::State states[] = { domain::State::Running, domain::State::Stopping,
            domain::State::Stopped, domain::State::Starting, domain::State::Error };
        const qint64 due = (m_clock.elapsed() - eventsBeginMs) * m_events / 1000;
        QByteArray frames;
        for (; m_sent < due; ++m_sent) {
            auto &all = m_stacks.containers.added;
            domain::Container &container
                = all[static_cast<qsizetype>(m_random() % static_cast<unsigned>(all.size()))];
            container.life.state = states[m_random() % 5];
            frames += textFrame(R"({"name":"resource.change","resourceType":"container","data":)"
                                R"({"resource":)"
                + bench::jsonOf(container) + "}}");
        }
        for (QTcpSocket *socket : std::as_const(m_subscribers))
            socket->write(frames);
    }

    ci::CiDelta m_jobs;
    stacks::StackDelta m_stacks;
    int m_events;
    QTcpServer m_server;
    QHash<QByteArray, QByteArray> m_rancher;
    QByteArrayList m_jobTexts;
    QHash<QTcpSocket *, QByteArray> m_buffers;
    QList<QTcpSocket *> m_subscribers;
    QElapsedTimer m_clock;
    qint64 m_sent = 0;
    QTimer m_pings;
    QTimer m_timer;
    std::mt19937 m_random{ 42 };
};

} // namespace

int main(int argc, char *argv[])
{
    prctl(PR_SET_PDEATHSIG, SIGTERM);
    QCoreApplication application(argc, argv);
    const QStringList arguments = QCoreApplication::arguments();
    const auto number = [&arguments](const QString &name, int otherwise) {
        const qsizetype at = arguments.indexOf(name);
        return at < 0 ? otherwise : arguments.value(at + 1).toInt();
    };
    const Site site(number(QStringLiteral("--jobs"), 5000), number(QStringLiteral("--stacks"), 200),
        number(QStringLiteral("--events"), 1000));
    std::printf("%d\n", site.port());
    std::fflush(stdout);
    return QCoreApplication::exec();
}
