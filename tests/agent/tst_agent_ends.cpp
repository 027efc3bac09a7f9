// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/agent/agent_bench.h"

#include <QDateTime>
#include <QElapsedTimer>
#include <QJsonDocument>
#include <QRandomGenerator>
#include <QTest>

#include <algorithm>
#include <memory>
#include <vector>

using faultline::tests::AgentBench;
using faultline::tests::HeldFault;

namespace {

QString text(const char *words)
{
    return QString::fromLatin1(words);
}

constexpr int lease = 3;

} // namespace

/// How a fault ends, whatever happens to those who should end it.
class TestAgentEnds : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void whatIsKilledIsGoneByItself();
    void withoutAControllerTheLeaseEndsIt();
    void aRenewalMovesTheEnd();
    void aLostControllerEndsItAtOnce();
    void aHeldSceneNeedsNoController();
    void aSignalUndoes();
    void aTargetThatIsGoneIsMoot();
    void anotherProcessCanUndoAndProbe();
    void killedAtAnyMomentNothingStays();
    void anUndoThatCantBeVerifiedIsALeak();
    void aLeftoverOfTheSameFaultIsReplaced();
    void settingTheClockMovesNoLease_data();
    void settingTheClockMovesNoLease();
    void twoFaultsOnOneTargetEndEachOnItsOwn();

private:
    bool isGone() const;
    bool kill(HeldFault &fault, const QString &how);

    AgentBench m_bench;
};

void TestAgentEnds::initTestCase()
{
    if (const QString why = m_bench.start(); !why.isEmpty())
        QSKIP(qPrintable(why));
}

/// Nothing is felt: the peer answers, soon, every time.
bool TestAgentEnds::isGone() const
{
    double trip = -1;
    double lost = 100;
    m_bench.ping(10, trip, lost);
    return lost == 0 && trip >= 0 && trip < 50;
}

/// A target each, so that they need not wait for one another.
void TestAgentEnds::whatIsKilledIsGoneByItself()
{
    FAULTLINE_NEEDS(m_bench, text("network.delay"));
    struct Row
    {
        QString kind;
        QJsonObject arguments;
        QString how;
        QString target;
        std::unique_ptr<HeldFault> fault;
        QElapsedTimer killed;
        qint64 goneMs = -1;
    };
    std::vector<Row> rows;
    rows.push_back({ text("network.partition"), {}, text("agent"), {}, {}, {}, -1 });
    rows.push_back(
        { text("network.loss"), { { text("percent"), 60 } }, text("helper"), {}, {}, {}, -1 });
    rows.push_back(
        { text("network.delay"), { { text("delay"), 100 } }, text("helper"), {}, {}, {}, -1 });
    rows.push_back(
        { text("network.delay"), { { text("delay"), 100 } }, text("frozen"), {}, {}, {}, -1 });
    for (Row &row : rows) {
        row.target = m_bench.startTarget();
        QVERIFY(!row.target.isEmpty());
        m_bench.aim(row.target, m_bench.peers());
        row.fault = std::make_unique<HeldFault>(m_bench, row.kind, row.arguments, lease);
        QVERIFY2(row.fault->waitFor(text("in force")), row.fault->said().constData());
        row.killed.start();
        QVERIFY(kill(*row.fault, row.how));
    }
    const auto left = [&rows] { return std::ranges::count(rows, -1, &Row::goneMs); };
    QElapsedTimer timer;
    timer.start();
    while (left() > 0 && timer.elapsed() < (lease + 10) * 1000)
        for (Row &row : rows) {
            m_bench.aim(row.target, m_bench.peers());
            if (row.goneMs < 0 && isGone())
                row.goneMs = row.killed.elapsed();
        }
    for (const Row &row : rows) {
        m_bench.aim(row.target, m_bench.peers());
        qInfo("%s, %s: gone after at most %lld ms", qPrintable(row.kind), qPrintable(row.how),
            static_cast<long long>(row.goneMs));
        QVERIFY(row.goneMs >= 0 && row.goneMs <= (lease + 10) * 1000);
        QVERIFY(!row.fault->states().contains(text("recovering")));
        row.fault->killHelper();
        // What the kernel keeps has no effect any more; the second line takes it away.
        QCOMPARE(m_bench
                     .besideTarget(QStringLiteral("faultline-agent undo '%1'")
                                       .arg(QString::fromUtf8(row.fault->json())))
                     .code,
            0);
        QVERIFY(!m_bench.besideTarget(text("nft list tables")).out.contains(text("faultline_")));
    }
    m_bench.aim(m_bench.name(text("target")), m_bench.peers());
}

bool TestAgentEnds::kill(HeldFault &fault, const QString &how)
{
    if (how == text("frozen"))
        return m_bench.docker({ text("pause"), fault.helperName() }).code == 0;
    if (how == text("helper"))
        fault.killHelper();
    else
        (void)m_bench.docker({ text("exec"), fault.helperName(), text("sh"), text("-c"),
            text("kill -9 $(pidof faultline-agent | tr ' ' '\\n' | sort -n | tail -1)") });
    return fault.end() == 137;
}

void TestAgentEnds::withoutAControllerTheLeaseEndsIt()
{
    FAULTLINE_NEEDS(m_bench, text("network.partition"));
    HeldFault fault(m_bench, text("network.partition"), {}, 1);
    QCOMPARE(fault.end(), 0);
    QVERIFY(fault.last().value(text("detail")).toString().contains(text("its lease ended")));
    QTRY_VERIFY(isGone());
}

void TestAgentEnds::aRenewalMovesTheEnd()
{
    FAULTLINE_NEEDS(m_bench, text("network.partition"));
    HeldFault fault(m_bench, text("network.partition"), {}, lease);
    QVERIFY2(fault.waitFor(text("in force")), fault.said().constData());
    QProcess controller;
    controller.start(text("docker"),
        { text("-H"), m_bench.host(), text("exec"), text("-i"), fault.helperName(),
            text("faultline-agent"), text("control") });
    QElapsedTimer timer;
    timer.start();
    // Twice the lease.
    while (timer.elapsed() < 2 * lease * 1000) {
        controller.write("{\"renew\":3}\n");
        QVERIFY(controller.waitForReadyRead(10000));
        const QJsonObject answer = QJsonDocument::fromJson(controller.readLine()).object();
        QVERIFY(answer.value(text("leaseLeft")).toDouble() > 2.5);
        QTest::qWait(500);
    }
    QVERIFY(m_bench.roundTripMs(1) < 0);
    QCOMPARE(fault.states().last(), text("in force"));
    controller.kill();
    controller.waitForFinished();
    QCOMPARE(fault.end(), 0);
}

void TestAgentEnds::aLostControllerEndsItAtOnce()
{
    FAULTLINE_NEEDS(m_bench, text("network.partition"));
    HeldFault fault(m_bench, text("network.partition"), {}, 60);
    QVERIFY2(fault.waitFor(text("in force")), fault.said().constData());
    QCOMPARE(fault.order("{\"renew\":60}").value(text("state")).toString(), text("in force"));
    QCOMPARE(fault.end(), 0);
    QVERIFY(fault.last().value(text("detail")).toString().contains(text("stream closed")));
}

void TestAgentEnds::aHeldSceneNeedsNoController()
{
    FAULTLINE_NEEDS(m_bench, text("network.partition"));
    HeldFault fault(m_bench, text("network.partition"), {}, 60, 90);
    QVERIFY2(fault.waitFor(text("in force")), fault.said().constData());
    QVERIFY(fault.order("{\"hold\":3600}").value(text("leaseLeft")).toDouble() > 3500);
    QCOMPARE(fault.order("{\"state\":true}").value(text("state")).toString(), text("in force"));
    QVERIFY(!fault.order("{\"flush\":1}").value(text("detail")).toString().isEmpty());
    (void)fault.order("{\"stop\":true}");
    QCOMPARE(fault.end(), 0);
}

void TestAgentEnds::aSignalUndoes()
{
    FAULTLINE_NEEDS(m_bench, text("network.delay"));
    HeldFault fault(m_bench, text("network.delay"), { { text("delay"), 50 } }, 60);
    QVERIFY2(fault.waitFor(text("in force")), fault.said().constData());
    QCOMPARE(m_bench.docker({ text("stop"), fault.helperName() }).code, 0);
    QCOMPARE(fault.end(), 0);
    QCOMPARE(fault.states().last(), text("out"));
    QTRY_VERIFY(isGone());
}

void TestAgentEnds::aTargetThatIsGoneIsMoot()
{
    FAULTLINE_NEEDS(m_bench, text("network.partition"));
    AgentBench other;
    QCOMPARE(other.start(), QString());
    HeldFault fault(other, text("network.partition"), {}, 60);
    QVERIFY2(fault.waitFor(text("in force")), fault.said().constData());
    QCOMPARE(other.docker({ text("kill"), other.target() }).code, 0);
    QCOMPARE(fault.end(), 6);
    QCOMPARE(fault.states().last(), text("moot"));
}

void TestAgentEnds::anotherProcessCanUndoAndProbe()
{
    FAULTLINE_NEEDS(m_bench, text("network.delay"));
    HeldFault fault(m_bench, text("network.delay"), { { text("delay"), 100 } }, 60);
    QVERIFY2(fault.waitFor(text("in force")), fault.said().constData());
    const QString json = QString::fromUtf8(fault.json());
    const auto agent = [this, &fault, &json](const char *verb) {
        return m_bench.docker(
            { text("exec"), fault.helperName(), text("faultline-agent"), text(verb), json });
    };
    QVERIFY(agent("probe").out.contains(text("\"state\":\"in force\"")));
    const auto twice = agent("run");
    QCOMPARE(twice.code, 5);
    QVERIFY2(twice.out.contains(text("held in this helper")), qPrintable(twice.out));
    QCOMPARE(agent("undo").code, 0);
    QCOMPARE(fault.end(), 0);
    QTRY_VERIFY(isGone());
    const auto probe = m_bench.docker(m_bench.helper(m_bench.name(text("probe")))
        << text("faultline/agent:1") << text("faultline-agent") << text("probe") << json);
    QVERIFY2(probe.out.contains(text("\"state\":\"out\"")), qPrintable(probe.out));
}

/// Helpers are killed while they inject, prove or hold; what each left is nothing that is felt, and
/// the undo takes the rest.
void TestAgentEnds::killedAtAnyMomentNothingStays()
{
    FAULTLINE_NEEDS(m_bench, text("network.bandwidth"));
    const QList<std::pair<const char *, QJsonObject>> kinds{ { "network.partition", {} },
        { "network.loss", { { text("percent"), 50 } } },
        { "network.delay", { { text("delay"), 300 } } },
        { "network.bandwidth", { { text("rate"), 2000 } } } };
    QRandomGenerator random(20261123);
    std::vector<std::unique_ptr<HeldFault>> faults;
    int inForce = 0;
    for (int round = 0; round < 3; ++round)
        for (const auto &[kind, arguments] : kinds) {
            faults.push_back(std::make_unique<HeldFault>(m_bench, text(kind), arguments, lease));
            // Told "injecting", it may be anywhere in it a moment later.
            (void)faults.back()->waitFor(text("injecting"));
            QTest::qWait(static_cast<int>(random.bounded(600)));
            faults.back()->killHelper();
            (void)faults.back()->end();
            inForce += faults.back()->states().contains(text("in force")) ? 1 : 0;
        }
    qInfo("%d of %d were in force when they were killed", inForce, static_cast<int>(faults.size()));
    QTRY_VERIFY_WITH_TIMEOUT(isGone(), (lease + 10) * 1000);
    QString undos;
    for (const auto &fault : faults)
        undos += QStringLiteral("faultline-agent undo '%1' || exit 1\n")
                     .arg(QString::fromUtf8(fault->json()));
    const auto undone
        = m_bench.besideTarget(undos + text("nft list tables | grep faultline_ && exit 2; exit 0"));
    QVERIFY2(undone.code == 0,
        qPrintable(QString::number(undone.code) + undone.out.right(1000) + undone.err));
}

void TestAgentEnds::anUndoThatCantBeVerifiedIsALeak()
{
    FAULTLINE_NEEDS(m_bench, text("network.partition"));
    HeldFault fault(m_bench, text("network.partition"), {}, 60);
    QVERIFY2(fault.waitFor(text("in force")), fault.said().constData());
    fault.killHelper();
    (void)fault.end();
    const QStringList undo{ text("faultline/agent:1"), text("faultline-agent"), text("undo"),
        QString::fromUtf8(fault.json()) };
    QStringList weak = m_bench.helper(m_bench.name(text("weak")));
    weak.removeAll(text("--cap-add"));
    weak.removeAll(text("NET_ADMIN"));
    weak.removeAll(text("NET_RAW"));
    const auto leaked = m_bench.docker(weak + undo);
    QCOMPARE(leaked.code, 3);
    QVERIFY2(leaked.out.contains(text("\"state\":\"leaked\""))
            && leaked.out.contains(text("nft delete table inet faultline_")),
        qPrintable(leaked.out));
    QCOMPARE(m_bench.docker(m_bench.helper(m_bench.name(text("strong"))) + undo).code, 0);
    QTRY_VERIFY(isGone());
}

void TestAgentEnds::aLeftoverOfTheSameFaultIsReplaced()
{
    FAULTLINE_NEEDS(m_bench, text("network.partition"));
    HeldFault first(m_bench, text("network.partition"), {}, 1);
    QVERIFY2(first.waitFor(text("in force")), first.said().constData());
    first.killHelper();
    (void)first.end();
    const auto again = [this, &first] {
        return m_bench.docker(m_bench.helper(m_bench.name(text("again")))
            << text("faultline/agent:1") << text("faultline-agent") << text("run")
            << QString::fromUtf8(first.json()));
    };
    // While it still has an effect it belongs to somebody.
    const int whileAlive = again().code;
    QVERIFY(whileAlive == 5 || whileAlive == 0);
    QTRY_VERIFY_WITH_TIMEOUT(isGone(), 15000);
    QCOMPARE(again().code, 0);
}

void TestAgentEnds::settingTheClockMovesNoLease_data()
{
    QTest::addColumn<int>("hours");
    QTest::newRow("an hour on") << 1;
    QTest::newRow("an hour back") << -1;
}

/// The agent is the target of a clock fault of its own.
void TestAgentEnds::settingTheClockMovesNoLease()
{
    FAULTLINE_NEEDS(m_bench, text("network.partition"));
    QFETCH(int, hours);
    HeldFault fault(m_bench, text("network.partition"), {}, 600, 6);
    QVERIFY2(fault.waitFor(text("in force")), fault.said().constData());
    QElapsedTimer timer;
    timer.start();
    const QString id
        = m_bench.docker({ text("inspect"), text("-f"), text("{{.Id}}"), fault.helperName() }).out;
    const QJsonObject jump{
        { text("id"), text("f-0123456789abcdef") }, { text("kind"), text("clock.offset") },
        { text("arguments"), QJsonObject{ { text("offset"), hours * 3600000 } } },
        { text("lease"), 60 },
        { text("target"), QJsonObject{ { text("container"), id }, { text("pids"), text("own") } } }
    };
    const QString shifter = m_bench.name(text("shifter"));
    const auto started
        = m_bench.docker({ text("run"), text("-d"), text("--rm"), text("--name"), shifter,
            text("--network"), text("none"), text("--pid"), text("container:") + fault.helperName(),
            text("--cap-drop"), text("ALL"), text("--cap-add"), text("SYS_PTRACE"), text("-v"),
            QStringLiteral(FAULTLINE_BIN_DIR "/faultline-agent:/usr/bin/faultline-agent:ro"),
            text("faultline/agent:1"), text("faultline-agent"), text("run"),
            QString::fromUtf8(QJsonDocument(jump).toJson(QJsonDocument::Compact)) });
    QCOMPARE(started.code, 0);
    // That its wall clock did jump is seen in the stamps of its own reports.
    const auto jumped = [&fault, hours] {
        const QDateTime at = QDateTime::fromString(
            fault.order("{\"state\":true}").value(text("at")).toString(), Qt::ISODateWithMs);
        return qAbs(QDateTime::currentDateTimeUtc().addSecs(hours * 3600).secsTo(at)) < 60;
    };
    bool seen = false;
    while (!seen && timer.elapsed() < 10000)
        seen = jumped();
    if (!seen)
        QSKIP("the clock of a process could not be shifted here");
    QCOMPARE(fault.states().last(), text("in force"));
    QCOMPARE(fault.end(), 0);
    QVERIFY(fault.last().value(text("detail")).toString().contains(text("its duration is over")));
    // By the machine's uptime, which nobody sets.
    const auto uptime = [&fault](const char *state) {
        return fault.at(text(state)).value(text("uptime")).toDouble();
    };
    const double lasted = uptime("recovering") - uptime("injecting");
    QVERIFY2(lasted > 5.8 && lasted < 15, qPrintable(QString::number(lasted)));
    (void)m_bench.docker({ text("rm"), text("-f"), shifter });
}

void TestAgentEnds::twoFaultsOnOneTargetEndEachOnItsOwn()
{
    FAULTLINE_NEEDS(m_bench, text("network.delay"));
    HeldFault slow(m_bench, text("network.delay"), { { text("delay"), 60 } }, 60);
    QVERIFY2(slow.waitFor(text("in force")), slow.said().constData());
    HeldFault slower(m_bench, text("network.delay"), { { text("delay"), 40 } }, 60);
    QVERIFY2(slower.waitFor(text("in force")), slower.said().constData());
    QTRY_VERIFY_WITH_TIMEOUT(qAbs(m_bench.roundTripMs() - 100) < 15, 20000);
    (void)slow.order("{\"stop\":true}");
    QCOMPARE(slow.end(), 0);
    QTRY_VERIFY_WITH_TIMEOUT(qAbs(m_bench.roundTripMs() - 40) < 15, 20000);
    (void)slower.order("{\"stop\":true}");
    QCOMPARE(slower.end(), 0);
    QTRY_VERIFY(isGone());
}

QTEST_GUILESS_MAIN(TestAgentEnds)
#include "tst_agent_ends.moc"
