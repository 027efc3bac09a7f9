// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ctl/command_run.h"

#include <QJsonArray>
#include <QTest>

using namespace faultline;
using namespace faultline::tests;

namespace {

QStringList words(const char *line)
{
    return QString::fromUtf8(line).split(u' ', Qt::SkipEmptyParts);
}

void addPipeline(FakeConnections &connections)
{
    connections.ciBackend.present.id = domain::PipelineId(42);
    connections.ciBackend.present.status = domain::CiStatus::Pending;
    domain::Job job;
    job.id = domain::JobId(9'007'199'254'740'993);
    job.pipelineId = connections.ciBackend.present.id;
    job.name = QStringLiteral("case-node-shutdown");
    connections.ciBackend.presentJobs = { job };
}

} // namespace

class tst_ctl_ci : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void triggerUsesTheTriggerTokenWhenThereIsOne();
    void triggerWaitPrintsEachChangeAndExitsByTheResult_data();
    void triggerWaitPrintsEachChangeAndExitsByTheResult();
    void triggerGivesJsonWithWholeNumbers();
    void cancelDuringTheWaitIsFour();
    void followedTraceIsRawAndPlainIsStripped();
    void traceWithoutFollowIsAskedOnce();
    void cancelAndRetryTakePipelinesAndJobs();
    void versionTellsTheStateOfEachServer();
};

void tst_ctl_ci::triggerUsesTheTriggerTokenWhenThereIsOne()
{
    FakeConnections connections;
    addPipeline(connections);
    QCOMPARE(runCommand(connections, words("trigger --case kv-crud --suite nightly --var A=b=c"))
                 .exitCode,
        0);
    QVERIFY(connections.ciBackend.usedTriggerToken.isEmpty());
    const auto request = *connections.ciBackend.request;
    QCOMPARE(request.ref, QStringLiteral("main"));
    QCOMPARE(request.variables.value(QStringLiteral("FAULTLINE_CASE")), QStringLiteral("kv-crud"));
    QCOMPARE(request.variables.value(QStringLiteral("FAULTLINE_SUITE")), QStringLiteral("nightly"));
    QCOMPARE(request.variables.value(QStringLiteral("A")), QStringLiteral("b=c"));

    connections.token = QStringLiteral("glptt-secret");
    const Outcome outcome = runCommand(connections, words("trigger --ref release"));
    QCOMPARE(connections.ciBackend.usedTriggerToken, QStringLiteral("glptt-secret"));
    QVERIFY(!(outcome.out + outcome.err).contains(QStringLiteral("glptt-secret")));
    QCOMPARE(runCommand(connections, words("trigger --var nonsense")).exitCode, 64);
}

void tst_ctl_ci::triggerWaitPrintsEachChangeAndExitsByTheResult_data()
{
    QTest::addColumn<QString>("last");
    QTest::addColumn<int>("exitCode");
    QTest::newRow("success") << QStringLiteral("success") << 0;
    QTest::newRow("failed") << QStringLiteral("failed") << 1;
    QTest::newRow("canceled") << QStringLiteral("canceled") << 4;
    QTest::newRow("skipped") << QStringLiteral("skipped") << 1;
}

void tst_ctl_ci::triggerWaitPrintsEachChangeAndExitsByTheResult()
{
    QFETCH(QString, last);
    QFETCH(int, exitCode);
    FakeConnections connections;
    addPipeline(connections);
    connections.ciBackend.nextStatuses
        = { QStringLiteral("pending"), QStringLiteral("running"), QStringLiteral("running"), last };
    const Outcome outcome = runCommand(connections, words("trigger --wait"));
    QCOMPARE(outcome.exitCode, exitCode);
    QCOMPARE(outcome.out.count(QStringLiteral("case-node-shutdown  running")), 1);
    QVERIFY2(outcome.out.endsWith(QStringLiteral("pipeline 42  %1\n").arg(last)),
        qPrintable(outcome.out));
}

void tst_ctl_ci::triggerGivesJsonWithWholeNumbers()
{
    FakeConnections connections;
    addPipeline(connections);
    connections.ciBackend.nextStatuses = { QStringLiteral("success") };
    const Outcome outcome = runCommand(connections, words("trigger --wait -o json"));
    const QJsonObject job = outcome.json().value(QStringLiteral("jobs")).toArray().at(0).toObject();
    QCOMPARE(job.value(QStringLiteral("id")).toInteger(), 9'007'199'254'740'993);
    QVERIFY2(outcome.out.contains(QStringLiteral("9007199254740993")), qPrintable(outcome.out));
    QVERIFY(outcome.err.contains(QStringLiteral("pipeline 42  success")));
}

void tst_ctl_ci::cancelDuringTheWaitIsFour()
{
    FakeConnections connections;
    addPipeline(connections);
    RunOptions options;
    options.cancelAfter = std::chrono::milliseconds(80);
    QCOMPARE(runCommand(connections, words("trigger --wait"), options).exitCode, 4);
    QVERIFY(connections.ciBackend.asked.isEmpty());
}

void tst_ctl_ci::followedTraceIsRawAndPlainIsStripped()
{
    FakeConnections connections;
    connections.ciBackend.tracePieces
        = { "2026-01-31T12:34:56.123456Z 01O \x1b[3", "2m1 passing\x1b[0m\n" };
    QCOMPARE(runCommand(connections, words("log --job 7 --follow")).out,
        QStringLiteral("2026-01-31T12:34:56.123456Z 01O \x1b[32m1 passing\x1b[0m\n"));
    QCOMPARE(runCommand(connections, words("log --job 7 --follow --plain")).out,
        QStringLiteral("1 passing\n"));
    QCOMPARE(runCommand(connections, words("log --job 7 --follow --plain --timestamps")).out,
        QStringLiteral("2026-01-31T12:34:56.123456Z 1 passing\n"));
}

void tst_ctl_ci::traceWithoutFollowIsAskedOnce()
{
    FakeConnections connections;
    connections.ciBackend.traceBytes = "half a line";
    const Outcome outcome = runCommand(connections, words("log --job 7 --plain"));
    QCOMPARE(outcome.out, QStringLiteral("half a line"));
    QCOMPARE(connections.ciBackend.asked, QStringList{ QStringLiteral("trace 7") });
}

void tst_ctl_ci::cancelAndRetryTakePipelinesAndJobs()
{
    FakeConnections connections;
    addPipeline(connections);
    for (const char *line : { "cancel 42", "retry 42", "cancel --job 7", "retry --job 7" })
        QVERIFY2(runCommand(connections, words(line)).exitCode == 0, line);
    QCOMPARE(connections.ciBackend.asked,
        (QStringList{ QStringLiteral("cancelPipeline 42"), QStringLiteral("retryPipeline 42"),
            QStringLiteral("cancelJob 7"), QStringLiteral("retryJob 7") }));
    for (const char *bad : { "cancel", "cancel 1 --job 2", "retry x", "cancel -- -1" })
        QVERIFY2(runCommand(connections, words(bad)).exitCode == 64, bad);
}

void tst_ctl_ci::versionTellsTheStateOfEachServer()
{
    FakeConnections connections;
    connections.stackBackend.failure = domain::Error();
    connections.stackBackend.failure->kind = domain::ErrorKind::Auth;
    connections.stackBackend.failure->message = QStringLiteral("The key is not accepted.");
    const Outcome outcome = runCommand(connections, words("version -o json"));
    QCOMPARE(outcome.exitCode, 0);
    const QJsonArray servers = outcome.json().value(QStringLiteral("servers")).toArray();
    QCOMPARE(servers.at(0).toObject().value(QStringLiteral("state")).toString(),
        QStringLiteral("reachable"));
    QCOMPARE(servers.at(0).toObject().value(QStringLiteral("version")).toString(),
        QStringLiteral("18.4.0"));
    QCOMPARE(
        servers.at(1).toObject().value(QStringLiteral("state")).toString(), QStringLiteral("auth"));

    connections.isConfigured = false;
    QVERIFY(
        runCommand(connections, words("version")).out.contains(QStringLiteral("notConfigured")));
}

QTEST_GUILESS_MAIN(tst_ctl_ci)
#include "tst_ctl_ci.moc"
