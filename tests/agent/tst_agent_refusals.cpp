// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/agent/agent_bench.h"

#include <QDir>
#include <QJsonDocument>
#include <QRegularExpression>
#include <QTest>

using faultline::tests::AgentBench;

namespace {

QString text(const char *words)
{
    return QString::fromLatin1(words);
}

} // namespace

/// What the agent doesn't do, and what it says then.
class TestAgentRefusals : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void theMachinesOwnNetworkIsLeftAlone();
    void whatTheMachineCantDoIsRefusedWithTheReason();
    void whatIsWrongIsRefusedWithItsPath_data();
    void whatIsWrongIsRefusedWithItsPath();

private:
    AgentBench m_bench;
};

void TestAgentRefusals::initTestCase()
{
    if (const QString why = m_bench.start(); !why.isEmpty())
        QSKIP(qPrintable(why));
}

/// Without any privilege, so that nothing could happen even if it weren't.
void TestAgentRefusals::theMachinesOwnNetworkIsLeftAlone()
{
    if (QDir(text("/sys/class/net"))
            .entryList({ text("*") }, QDir::Dirs | QDir::NoDotAndDotDot)
            .filter(QRegularExpression(text("^e")))
            .isEmpty())
        QSKIP("this machine has no network device of its own");
    const auto ran = m_bench.docker({ text("run"), text("--rm"), text("--network"), text("host"),
        text("--cap-drop"), text("ALL"), text("-v"),
        QStringLiteral(FAULTLINE_BIN_DIR "/faultline-agent:/usr/bin/faultline-agent:ro"),
        text("faultline/agent:1"), text("faultline-agent"), text("run"),
        text(
            R"({"id":"f-0123456789abcdef","kind":"network.partition","peers":["203.0.113.77"]})") });
    QCOMPARE(ran.code, 5);
    QVERIFY2(ran.out.contains(text("machine's own network")), qPrintable(ran.out));
}

void TestAgentRefusals::whatTheMachineCantDoIsRefusedWithTheReason()
{
    QStringList bare = m_bench.helper(m_bench.name(text("bare")));
    bare.removeAll(text("--cap-add"));
    bare.removeAll(text("NET_ADMIN"));
    bare.removeAll(text("NET_RAW"));
    const QStringList program = bare << text("faultline/agent:1") << text("faultline-agent");
    const QString fault
        = text(R"({"id":"f-0123456789abcdef","kind":"network.delay","arguments":{"delay":5}})");
    const auto ran = m_bench.docker(program + QStringList{ text("run"), fault });
    QCOMPARE(ran.code, 4);
    QVERIFY2(
        ran.out.contains(text("\"state\":\"refused\"")) && ran.out.contains(text("CAP_NET_ADMIN")),
        qPrintable(ran.out));
    const auto kinds = m_bench.docker(program + QStringList{ text("kinds") });
    QCOMPARE(kinds.code, 0);
    int refused = 0;
    for (const QString &line : kinds.out.split(QLatin1Char('\n'))) {
        const QJsonObject kind = QJsonDocument::fromJson(line.toUtf8()).object();
        if (!kind.value(text("kind")).toString().startsWith(text("network.")))
            continue;
        ++refused;
        QCOMPARE(kind.value(text("can")).toBool(true), false);
        QVERIFY(!kind.value(text("reason")).toString().isEmpty());
    }
    QCOMPARE(refused, 9);
}

void TestAgentRefusals::whatIsWrongIsRefusedWithItsPath_data()
{
    QTest::addColumn<QByteArray>("kindAndArguments");
    QTest::addColumn<QByteArray>("words");
    QTest::newRow("kind") << QByteArray(R"("kind":"network.dealy")") << QByteArray("kind is none");
    QTest::newRow("argument") << QByteArray(R"("kind":"network.delay","arguments":{"dealy":1})")
                              << QByteArray("arguments.delay is missing");
    QTest::newRow("unknown") << QByteArray(
        R"("kind":"network.delay","arguments":{"delay":1,"x":1})")
                             << QByteArray("arguments.x is not known");
    QTest::newRow("range") << QByteArray(R"("kind":"network.loss","arguments":{"percent":101})")
                           << QByteArray("arguments.percent must be");
    QTest::newRow("port") << QByteArray(R"("kind":"network.blackhole","arguments":{"port":70000})")
                          << QByteArray("arguments.port must be");
    QTest::newRow("word") << QByteArray(R"("kind":"network.dns","arguments":{"mode":"slow"})")
                          << QByteArray("arguments.mode must be one of");
}

void TestAgentRefusals::whatIsWrongIsRefusedWithItsPath()
{
    QFETCH(QByteArray, kindAndArguments);
    QFETCH(QByteArray, words);
    QProcess agent;
    agent.start(QStringLiteral(FAULTLINE_BIN_DIR "/faultline-agent"), { text("run"), text("-") });
    agent.write("{\"id\":\"f-0123456789abcdef\"," + kindAndArguments + '}');
    agent.closeWriteChannel();
    QVERIFY(agent.waitForFinished(20000));
    QCOMPARE(agent.exitCode(), 64);
    const QByteArray said = agent.readAllStandardError();
    QVERIFY2(said.contains(words), said.constData());
}

QTEST_GUILESS_MAIN(TestAgentRefusals)
#include "tst_agent_refusals.moc"
