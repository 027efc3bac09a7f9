// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/agent/agent_bench.h"

#include <QElapsedTimer>
#include <QJsonDocument>
#include <QRegularExpression>
#include <QTest>

using faultline::tests::AgentBench;
using faultline::tests::HeldFault;

namespace {

QString text(const char *words)
{
    return QString::fromLatin1(words);
}

QJsonObject number(const char *key, double value)
{
    return { { text(key), value } };
}

} // namespace

/// Each kind on real containers, measured by the target's own programs where they can.
class TestAgentNetwork : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void aDelayIsFeltToTheMillisecond();
    void aTenthIsLost();
    void aMegabyteASecondPasses_data();
    void aMegabyteASecondPasses();
    void aPartitionCutsThePeerAndNobodyElse();
    void aBlackHoleTakesOnePortOnly();
    void everyKindIsProvenInForceAndOut_data();
    void everyKindIsProvenInForceAndOut();
    void whatIsTooRareToMeasureIsInForceAndSaysSo();
    void dnsFailsAsAsked_data();
    void dnsFailsAsAsked();
    void whatIsForeignStaysByteForByte();

private:
    double received(const QString &from);

    AgentBench m_bench;
};

void TestAgentNetwork::initTestCase()
{
    if (const QString why = m_bench.start(); !why.isEmpty())
        QSKIP(qPrintable(why));
}

void TestAgentNetwork::aDelayIsFeltToTheMillisecond()
{
    FAULTLINE_NEEDS(m_bench, text("network.delay"));
    const double before = m_bench.roundTripMs();
    QVERIFY(before >= 0);
    HeldFault fault(m_bench, text("network.delay"), number("delay", 100), 30, 0);
    QVERIFY2(fault.waitFor(text("in force")), fault.said().constData());
    // A machine that is busy at the moment may be asked again.
    double now = -1;
    QTRY_VERIFY_WITH_TIMEOUT(qAbs((now = m_bench.roundTripMs(10)) - before - 100) <= 10, 20000);
    qInfo("round trip %.1f ms, %.1f ms before", now, before);
    (void)fault.order("{\"stop\":true}");
    QCOMPARE(fault.end(), 0);
    QVERIFY(m_bench.roundTripMs() < 20);
}

void TestAgentNetwork::aTenthIsLost()
{
    FAULTLINE_NEEDS(m_bench, text("network.loss"));
    HeldFault fault(m_bench, text("network.loss"), number("percent", 10), 60);
    QVERIFY2(fault.waitFor(text("in force")), fault.said().constData());
    const auto ping = m_bench.inTarget(
        QStringLiteral("ping -q -c 2000 -i 0.002 -W 1 %1").arg(m_bench.peerAddress()));
    static const QRegularExpression share(text("(\\d+) packets received, (\\d+)% packet loss"));
    const auto match = share.match(ping.out);
    QVERIFY2(match.hasMatch(), qPrintable(ping.out));
    const double lost = 100.0 * (2000 - match.captured(1).toInt()) / 2000;
    qInfo("%.2f %% of 2000 packets lost", lost);
    QVERIFY2(qAbs(lost - 10) <= 3, qPrintable(ping.out));
    (void)fault.order("{\"stop\":true}");
    QCOMPARE(fault.end(), 0);
}

void TestAgentNetwork::aMegabyteASecondPasses_data()
{
    QTest::addColumn<QString>("direction");
    QTest::newRow("in") << text("in");
    QTest::newRow("out") << text("out");
}

/// Bytes per second that the far end gets, from the first byte on.
double TestAgentNetwork::received(const QString &direction)
{
    const bool in = direction == text("in");
    // With its own input at an end nc would end the connection.
    const QString listen = text("rm -f /tmp/open; mkfifo /tmp/open; nc -l -p 5000 <>/tmp/open | "
                                "(dd bs=1 count=1 2>/dev/null >/dev/null; echo begun; wc -c)");
    QProcess receiver;
    receiver.start(text("docker"),
        { text("-H"), m_bench.host(), text("exec"),
            in ? m_bench.target() : m_bench.name(text("peer")), text("sh"), text("-c"), listen });
    const QString send = QStringLiteral("(until dd if=/dev/zero bs=64k count=48 2>/dev/null | nc "
                                        "%1 5000; do :; done) >/dev/null 2>&1 &")
                             .arg(in ? m_bench.targetAddress() : m_bench.peerAddress());
    if ((in ? m_bench.inPeer(send) : m_bench.inTarget(send)).code != 0)
        return -1;
    QElapsedTimer timer;
    while (receiver.state() != QProcess::NotRunning && receiver.bytesAvailable() == 0)
        receiver.waitForReadyRead(1000);
    timer.start();
    const bool got = receiver.waitForFinished(30000);
    const double seconds = static_cast<double>(timer.nsecsElapsed()) / 1e9;
    const double bytes = receiver.readAllStandardOutput().mid(6).trimmed().toDouble();
    return got && bytes == 48 * 65536 - 1 ? bytes / seconds : -1;
}

void TestAgentNetwork::aMegabyteASecondPasses()
{
    FAULTLINE_NEEDS(m_bench, text("network.bandwidth"));
    QFETCH(QString, direction);
    QJsonObject arguments = number("rate", 1e6);
    arguments.insert(text("direction"), direction);
    HeldFault fault(m_bench, text("network.bandwidth"), arguments, 60);
    QVERIFY2(fault.waitFor(text("in force")), fault.said().constData());
    const double rate = received(direction);
    qInfo("%.0f bytes a second", rate);
    QVERIFY2(qAbs(rate - 1e6) <= 0.15e6, qPrintable(QString::number(rate)));
    (void)fault.order("{\"stop\":true}");
    QCOMPARE(fault.end(), 0);
    QVERIFY(received(direction) > 5e6);
}

void TestAgentNetwork::aPartitionCutsThePeerAndNobodyElse()
{
    FAULTLINE_NEEDS(m_bench, text("network.partition"));
    HeldFault fault(m_bench, text("network.partition"), {}, 30);
    QVERIFY2(fault.waitFor(text("in force")), fault.said().constData());
    QVERIFY(m_bench.roundTripMs(2) < 0);
    const auto gateway
        = m_bench.inTarget(text("ping -q -c 1 -W 2 $(ip route | awk '/default/ {print $3}')"));
    QVERIFY2(gateway.code == 0, qPrintable(gateway.out));
    (void)fault.order("{\"stop\":true}");
    QCOMPARE(fault.end(), 0);
    QVERIFY(m_bench.roundTripMs() >= 0);
    QCOMPARE(fault.states(),
        (QStringList{ text("injecting"), text("in force"), text("recovering"), text("out") }));
}

void TestAgentNetwork::aBlackHoleTakesOnePortOnly()
{
    FAULTLINE_NEEDS(m_bench, text("network.blackhole"));
    const QString connect
        = QStringLiteral("echo x | nc -w 1 %1 %2; echo $?").arg(m_bench.targetAddress());
    QVERIFY(m_bench
                .inTarget(text("(while :; do nc -l -p 5001 >/dev/null; done) >/dev/null 2>&1 & "
                               "(while :; do nc -l -p 5002 >/dev/null; done) >/dev/null 2>&1 &"))
                .code
        == 0);
    QTRY_COMPARE_WITH_TIMEOUT(m_bench.inPeer(connect.arg(5001)).out, text("0"), 20000);
    HeldFault fault(m_bench, text("network.blackhole"), number("port", 5001), 30);
    QVERIFY2(fault.waitFor(text("in force")), fault.said().constData());
    QVERIFY(m_bench.inPeer(connect.arg(5001)).out != text("0"));
    QTRY_COMPARE_WITH_TIMEOUT(m_bench.inPeer(connect.arg(5002)).out, text("0"), 20000);
    (void)fault.order("{\"stop\":true}");
    QCOMPARE(fault.end(), 0);
    QTRY_COMPARE_WITH_TIMEOUT(m_bench.inPeer(connect.arg(5001)).out, text("0"), 20000);
}

void TestAgentNetwork::everyKindIsProvenInForceAndOut_data()
{
    QTest::addColumn<QString>("kind");
    QTest::addColumn<QByteArray>("arguments");
    QTest::newRow("duplicate") << text("network.duplicate") << QByteArray(R"({"percent":20})");
    QTest::newRow("corrupt") << text("network.corrupt") << QByteArray(R"({"percent":20})");
    QTest::newRow("reorder") << text("network.reorder") << QByteArray(R"({"percent":20})");
    QTest::newRow("bursts of loss")
        << text("network.loss") << QByteArray(R"({"percent":20,"correlation":50})");
    QTest::newRow("slow line") << text("network.bandwidth") << QByteArray(R"({"rate":2000})");
    QTest::newRow("both ways") << text("network.delay")
                               << QByteArray(R"({"delay":20,"jitter":5,"direction":"both"})");
    QTest::newRow("one way in") << text("network.partition") << QByteArray(R"({"direction":"in"})");
    QTest::newRow("one way out") << text("network.partition")
                                 << QByteArray(R"({"direction":"out"})");
    QTest::newRow("hole there") << text("network.blackhole")
                                << QByteArray(R"({"port":5003,"direction":"out"})");
    QTest::newRow("delay of a port")
        << text("network.delay") << QByteArray(R"({"delay":50,"ports":[5004]})");
}

void TestAgentNetwork::everyKindIsProvenInForceAndOut()
{
    QFETCH(QString, kind);
    FAULTLINE_NEEDS(m_bench, kind);
    QFETCH(QByteArray, arguments);
    HeldFault fault(m_bench, kind, QJsonDocument::fromJson(arguments).object(), 30, 0.1);
    QCOMPARE(fault.end(), 0);
    QCOMPARE(fault.states(),
        (QStringList{ text("injecting"), text("in force"), text("recovering"), text("out") }));
    const QString proof = fault.at(text("in force")).value(text("detail")).toString();
    qInfo("%s", qPrintable(proof));
    QVERIFY2(!proof.contains(text("not measured")), qPrintable(proof));
}

void TestAgentNetwork::whatIsTooRareToMeasureIsInForceAndSaysSo()
{
    FAULTLINE_NEEDS(m_bench, text("network.corrupt"));
    for (const char *const kind : { "network.loss", "network.corrupt" }) {
        HeldFault fault(m_bench, text(kind), number("percent", 0.0001), 30, 0.1);
        QVERIFY2(fault.end() == 0, fault.said().constData());
        const QString proof = fault.at(text("in force")).value(text("detail")).toString();
        // One of a million may be among a thousand, after all.
        QVERIFY2(proof.contains(text("not measured")) || proof.contains(text("0.1 %")),
            qPrintable(proof));
    }
}

void TestAgentNetwork::dnsFailsAsAsked_data()
{
    QTest::addColumn<QString>("mode");
    for (const char *const mode : { "refuse", "drop", "nxdomain" })
        QTest::newRow(mode) << text(mode);
}

void TestAgentNetwork::dnsFailsAsAsked()
{
    FAULTLINE_NEEDS(m_bench, text("network.dns"));
    QFETCH(QString, mode);
    const QString lookup
        = QStringLiteral("timeout 3 nslookup %1 2>&1").arg(m_bench.name(text("peer")));
    QTRY_VERIFY_WITH_TIMEOUT(m_bench.inTarget(lookup).out.contains(m_bench.peerAddress()), 20000);
    HeldFault fault(m_bench, text("network.dns"), { { text("mode"), mode } }, 30);
    QVERIFY2(fault.waitFor(text("in force")), fault.said().constData());
    const QString answer = m_bench.inTarget(lookup).out;
    QVERIFY2(!answer.contains(m_bench.peerAddress()), qPrintable(answer));
    QVERIFY2(mode == text("drop")
            || answer.contains(mode == text("refuse") ? text("REFUSED") : text("NXDOMAIN")),
        qPrintable(answer));
    (void)fault.order("{\"stop\":true}");
    QCOMPARE(fault.end(), 0);
    QTRY_VERIFY_WITH_TIMEOUT(m_bench.inTarget(lookup).out.contains(m_bench.peerAddress()), 20000);
}

void TestAgentNetwork::whatIsForeignStaysByteForByte()
{
    FAULTLINE_NEEDS(m_bench, text("network.bandwidth"));
    const auto foreign = m_bench.besideTarget(text(
        "/usr/sbin/tc qdisc add dev eth0 root handle 7: tbf rate 900mbit burst 1mb latency 50ms && "
        "iptables-legacy -t mangle -A PREROUTING -s 203.0.113.7 -j DROP && iptables-legacy -A "
        "INPUT -p tcp --dport 9 -j REJECT && "
        "nft add table inet other && nft add chain inet other c '{ type filter hook input "
        "priority 5; }' && "
        "nft add rule inet other c ip saddr 203.0.113.9 drop"));
    QVERIFY2(foreign.code == 0, qPrintable(foreign.err));
    // Counters move with every packet and are nobody's rule.
    const QString look = text(
        "/usr/sbin/tc qdisc show; /usr/sbin/tc filter show dev eth0; nft -s list ruleset | sed "
        "'s/counter packets.*bytes [0-9]*/counter/'; "
        "iptables-legacy-save | sed -e '/^#/d' -e 's/ \\[[0-9:]*\\]//'");
    const QString before = m_bench.besideTarget(look).out;
    QVERIFY(before.contains(text("tbf 7:")) && before.contains(text("203.0.113.7"))
        && before.contains(text("inet other")));
    for (const auto &[kind, arguments] : { std::pair(text("network.delay"), number("delay", 5)),
             std::pair(text("network.bandwidth"), number("rate", 1e6)),
             std::pair(text("network.partition"), QJsonObject()) }) {
        HeldFault fault(m_bench, kind, arguments, 30, 0.1);
        QVERIFY2(fault.end() == 0, fault.said().constData());
    }
    QCOMPARE(m_bench.besideTarget(look).out, before);
}

QTEST_GUILESS_MAIN(TestAgentNetwork)
#include "tst_agent_network.moc"
