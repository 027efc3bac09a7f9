// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/runs/probe_clock.h"

#include <QTcpServer>
#include <QTcpSocket>
#include <QTest>
#include <QTimer>

using namespace faultline;
using namespace faultline::runs;

class tst_probe_clock : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void theRateDoesNotDrift();
    void aStallIsMeasuredAndNotHidden();
    void anotherContainerAnswersForTheOneThatIsGone();
    void aCommandThatHangsFailsAtItsTimeout();
    void targetsAreTakenApart();
};

namespace {

cases::Probe probe(cases::ProbeKind kind, const std::string &target, int every, int timeout)
{
    cases::Probe out;
    out.id = "probe";
    out.kind = kind;
    out.target = target;
    out.every = milliseconds(every);
    out.timeout = milliseconds(timeout);
    return out;
}

QString addressOf(const QTcpServer &server)
{
    return QStringLiteral("127.0.0.1:%1").arg(server.serverPort());
}

ProbeSeries measure(const cases::Probe &what, const QStringList &addresses, int forMs)
{
    ProbeClock clock(
        { what }, [=](const std::string &, int) { return addresses; },
        [](const std::string &, const ProbeSecond &) {});
    clock.start();
    QTest::qWait(forMs);
    // Another thread stops it, so that this one's server still answers.
    const std::unique_ptr<QThread> stopper(QThread::create([&] { clock.stop(); }));
    stopper->start();
    while (!stopper->wait(1))
        QCoreApplication::processEvents();
    return clock.series().at("probe");
}

} // namespace

void tst_probe_clock::theRateDoesNotDrift()
{
    QTcpServer server;
    connect(&server, &QTcpServer::newConnection, &server, [&server] {
        while (QTcpSocket *socket = server.nextPendingConnection())
            socket->deleteLater();
    });
    QVERIFY(server.listen(QHostAddress::LocalHost));
    const auto begin = std::chrono::steady_clock::now();
    const ProbeSeries series
        = measure(probe(cases::ProbeKind::Tcp, "etcd:1", 20, 5'000), { addressOf(server) }, 3'000);
    const auto took
        = std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - begin)
              .count();
    // Whatever the load, each full second between the first and the last has exactly its attempts.
    QVERIFY(series.seconds().size() >= 3);
    for (std::size_t i = 0; i + 1 < series.seconds().size(); ++i)
        QCOMPARE(series.seconds()[i].ok + series.seconds()[i].failed, 50);
    QVERIFY(double(series.okCount() + series.failedCount()) <= took / 20 + 2);
    QCOMPARE(series.failedCount(), 0);
}

void tst_probe_clock::aStallIsMeasuredAndNotHidden()
{
    QTcpServer server;
    bool stalls = true;
    int held = 0;
    QList<QTcpSocket *> waiting;
    const auto answer = [](QTcpSocket *socket) {
        socket->write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok");
        socket->disconnectFromHost();
    };
    connect(&server, &QTcpServer::newConnection, &server, [&] {
        while (QTcpSocket *socket = server.nextPendingConnection()) {
            if (!stalls) {
                answer(socket);
                continue;
            }
            ++held;
            waiting += socket;
        }
    });
    QVERIFY(server.listen(QHostAddress::LocalHost));
    QTimer::singleShot(1'000, &server, [&] {
        stalls = false;
        for (QTcpSocket *socket : waiting)
            answer(socket);
    });
    const ProbeSeries series = measure(
        probe(cases::ProbeKind::Http, "etcd:1/health", 100, 20'000), { addressOf(server) }, 2'500);
    // Open loop: the attempts of the stall were all made, and waited each for its own time.
    QVERIFY2(held >= 5, qPrintable(QString::number(held)));
    QCOMPARE(series.failedCount(), 0);
    QVERIFY2(
        series.seconds()[0].most >= 900, qPrintable(QString::number(series.seconds()[0].most)));
    QVERIFY2(series.seconds()[0].p50 >= 300, qPrintable(QString::number(series.seconds()[0].p50)));
}

void tst_probe_clock::anotherContainerAnswersForTheOneThatIsGone()
{
    QTcpServer server;
    QVERIFY(server.listen(QHostAddress::LocalHost));
    QTcpServer gone;
    QVERIFY(gone.listen(QHostAddress::LocalHost));
    const QString goneAddress = addressOf(gone);
    gone.close();
    const auto what = probe(cases::ProbeKind::Tcp, "etcd:1", 100, 5'000);
    QCOMPARE(measure(what, { goneAddress, addressOf(server) }, 500).failedCount(), 0);
    const ProbeSeries all = measure(what, { goneAddress }, 500);
    QCOMPARE(all.okCount(), 0);
    QVERIFY(all.failedCount() > 0);
    QVERIFY(measure(what, {}, 500).failedCount() > 0);
}

void tst_probe_clock::aCommandThatHangsFailsAtItsTimeout()
{
    auto what = probe(cases::ProbeKind::Exec, "runner", 200, 300);
    what.command = { "/bin/sleep", "600" };
    const ProbeSeries hanging = measure(what, {}, 500);
    QCOMPARE(hanging.okCount(), 0);
    QVERIFY(hanging.failedCount() >= 2);
    what.command = { "/no/such/program" };
    QCOMPARE(measure(what, {}, 300).okCount(), 0);
    what.command = { "/bin/true" };
    what.timeout = milliseconds(20'000);
    const ProbeSeries well = measure(what, {}, 500);
    QCOMPARE(well.failedCount(), 0);
    QVERIFY(well.okCount() > 0);
}

void tst_probe_clock::targetsAreTakenApart()
{
    const ProbeTarget full = probeTarget("etcd-1:2379/health");
    QCOMPARE(full.role, std::string("etcd-1"));
    QCOMPARE(full.port, 2379);
    QCOMPARE(full.path, std::string("/health"));
    QCOMPARE(probeTarget("runner").role, std::string("runner"));
    QCOMPARE(probeTarget("etcd:x").port, 0);
}

QTEST_GUILESS_MAIN(tst_probe_clock)
#include "tst_probe_clock.moc"
