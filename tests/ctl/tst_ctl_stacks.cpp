// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ctl/command_run.h"

#include <QElapsedTimer>
#include <QJsonArray>
#include <QTemporaryDir>
#include <QTest>

using namespace faultline;
using namespace faultline::tests;

namespace {

stacks::StackSnapshot worldWith(const domain::Lifecycle &stackLife,
    const domain::Lifecycle &serviceLife, const domain::Lifecycle &containerLife)
{
    stacks::StackSnapshot out;
    out.stacks += stackNamed("1st1", "kv", stackLife);
    out.services += serviceNamed("1s1", "1st1", "etcd", 2, serviceLife);
    out.containers += containerNamed("1i1", "1st1", "1s1", "kv-etcd-1", containerLife);
    out.containers += containerNamed("1i2", "1st1", "1s1", "kv-etcd-2", containerLife);
    return out;
}

stacks::StackSnapshot runningWorld()
{
    return worldWith(life("active"), life("active"), life("running"));
}

stacks::StackSnapshot onlyStack(const domain::Lifecycle &stackLife)
{
    stacks::StackSnapshot out;
    out.stacks += stackNamed("1st1", "kv", stackLife);
    return out;
}

QStringList words(const char *line)
{
    return QString::fromUtf8(line).split(u' ', Qt::SkipEmptyParts);
}

} // namespace

class tst_ctl_stacks : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void inspectListsStacksAsATable();
    void inspectGivesStableJson();
    void inspectOfAMissingStackNamesTheNearest();
    void inspectShowsOneContainer();
    void upPrintsEachChangeUntilActiveAndTheWaysIn();
    void upEndsWithTheServersReason();
    void upWithoutPushStillSeesTheEnd();
    void upEndsInTimeAndSaysWhatWasSeen();
    void upRefusesBadNamesAndFilesWithTheirLine();
    void upPassesVariablesAndFiles();
    void cancelEndsWaitingWithFour();
    void rmWaitsUntilGone();
    void rmIsNotToldOfAnOldFailure();
    void rmTellsWhyTheRemovalFailed();
    void rmIgnoresMissingOnlyWhenTold();
    void rmOfSeveralGoesOnAfterAnError();
    void scaleAsksForTheNumber();
    void deactivateWaitsForTheServices();
    void stopWithZeroKills();
    void restartWaitsUntilItRuns();
    void logsOfSeveralContainersCarryTheirNames();
    void logOfOneContainerIsRaw();
    void errorsOfTheServerBecomeExitCodes_data();
    void errorsOfTheServerBecomeExitCodes();
    void aServerThatNeverAnswersEndsInTime();
    void badUsageIs64();
    void helpHasExamples();

private:
    QTemporaryDir m_folder;
    QString m_compose;
};

void tst_ctl_stacks::init()
{
    m_compose = m_folder.filePath(QStringLiteral("docker-compose.yml"));
    QFile file(m_compose);
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write("version: '2'\nservices:\n  etcd:\n    image: faultline/etcd:3.4\n");
}

void tst_ctl_stacks::inspectListsStacksAsATable()
{
    FakeConnections connections;
    connections.stackBackend.world.stacks += stackNamed("1st1", "kv\x1b[2J", life("active"));
    domain::Stack own = stackNamed("1st2", "ipsec", life("active"));
    own.system = true;
    connections.stackBackend.world.stacks += own;
    const Outcome outcome = runCommand(connections, words("inspect"));
    QCOMPARE(outcome.exitCode, 0);
    QVERIFY2(outcome.out.contains(QStringLiteral("kv[2J  active")), qPrintable(outcome.out));
    QVERIFY(!outcome.out.contains(u'\x1b'));
    QVERIFY(!outcome.out.contains(QStringLiteral("ipsec")));
    QVERIFY(runCommand(connections, words("inspect --all")).out.contains(QStringLiteral("ipsec")));
}

void tst_ctl_stacks::inspectGivesStableJson()
{
    FakeConnections connections;
    const auto hosts = connections.stackBackend.world.hosts;
    connections.stackBackend.world = runningWorld();
    connections.stackBackend.world.hosts = hosts;
    const QJsonObject stack = runCommand(connections, words("inspect kv --output json")).json();
    QCOMPARE(stack.value(QStringLiteral("id")).toString(), QStringLiteral("1st1"));
    QCOMPARE(stack.value(QStringLiteral("state")).toString(), QStringLiteral("active"));
    const QJsonObject service = stack.value(QStringLiteral("services")).toArray().at(0).toObject();
    QCOMPARE(service.value(QStringLiteral("scale")).toInt(), 2);
    const QJsonObject container
        = service.value(QStringLiteral("containers")).toArray().at(1).toObject();
    QCOMPARE(container.value(QStringLiteral("name")).toString(), QStringLiteral("kv-etcd-2"));
    QCOMPARE(container.value(QStringLiteral("host")).toString(), QStringLiteral("rack-1"));
    const QJsonObject port = container.value(QStringLiteral("ports")).toArray().at(0).toObject();
    QCOMPARE(port.value(QStringLiteral("hostPort")).toInt(), 32768);
    QCOMPARE(port.value(QStringLiteral("containerPort")).toInt(), 2379);
}

void tst_ctl_stacks::inspectOfAMissingStackNamesTheNearest()
{
    FakeConnections connections;
    connections.stackBackend.world.stacks += stackNamed("1st1", "kv-crud", life("active"));
    const Outcome outcome = runCommand(connections, words("inspect kv-curd"));
    QCOMPARE(outcome.exitCode, 14);
    QVERIFY2(
        outcome.err.contains(QStringLiteral("Did you mean \"kv-crud\"?")), qPrintable(outcome.err));
    QVERIFY(outcome.out.isEmpty());
}

void tst_ctl_stacks::inspectShowsOneContainer()
{
    FakeConnections connections;
    connections.stackBackend.world = runningWorld();
    const Outcome outcome = runCommand(connections, words("inspect kv/etcd/etcd-2"));
    QCOMPARE(outcome.exitCode, 0);
    QVERIFY(outcome.out.contains(QStringLiteral("127.0.0.1:32768->2379/tcp")));
}

void tst_ctl_stacks::upPrintsEachChangeUntilActiveAndTheWaysIn()
{
    FakeConnections connections;
    connections.stackBackend.next = { onlyStack(life("activating", "yes")),
        worldWith(life("activating", "yes"), life("activating", "yes"), life("starting", "yes")),
        runningWorld() };
    const Outcome outcome = runCommand(connections,
        { QStringLiteral("up"), QStringLiteral("-f"), m_compose, QStringLiteral("--name"),
            QStringLiteral("kv"), QStringLiteral("--wait") });
    QCOMPARE(outcome.err, QString());
    QCOMPARE(outcome.exitCode, 0);
    const QStringList lines = outcome.out.split(u'\n');
    QCOMPARE(lines.value(0), QStringLiteral("kv  activating"));
    QCOMPARE(lines.value(1), QStringLiteral("kv  activating  (etcd activating 2/2)"));
    QCOMPARE(lines.value(2), QStringLiteral("kv  active  (etcd active 2/2)"));
    QVERIFY2(outcome.out.contains(QStringLiteral("kv-etcd-1  running")), qPrintable(outcome.out));
    QVERIFY(outcome.out.contains(QStringLiteral("rack-1")));
    QVERIFY(outcome.out.contains(QStringLiteral("127.0.0.1:32768->2379/tcp")));
}

void tst_ctl_stacks::upEndsWithTheServersReason()
{
    FakeConnections connections;
    connections.stackBackend.next = { onlyStack(life("activating", "yes")),
        worldWith(life("activating", "yes"),
            life("activating", "error", "No such image: faultline/etcd:9"),
            life("error", "error")) };
    const Outcome outcome = runCommand(connections,
        { QStringLiteral("up"), QStringLiteral("-f"), m_compose, QStringLiteral("--name"),
            QStringLiteral("kv"), QStringLiteral("--wait") });
    QCOMPARE(outcome.exitCode, 17);
    QVERIFY2(
        outcome.err.contains(QStringLiteral("the server said: No such image: faultline/etcd:9")),
        qPrintable(outcome.err));
    QVERIFY(outcome.err.contains(QStringLiteral("faultlinectl rm kv")));
}

void tst_ctl_stacks::upWithoutPushStillSeesTheEnd()
{
    FakeConnections connections;
    connections.stackBackend.feedIsSilent = true;
    connections.stackBackend.next = { onlyStack(life("activating", "yes")), runningWorld() };
    const Outcome outcome = runCommand(connections,
        { QStringLiteral("up"), QStringLiteral("-f"), m_compose, QStringLiteral("--name"),
            QStringLiteral("kv"), QStringLiteral("--wait") });
    QCOMPARE(outcome.exitCode, 0);
    QVERIFY(outcome.out.contains(QStringLiteral("kv  active")));
}

void tst_ctl_stacks::upEndsInTimeAndSaysWhatWasSeen()
{
    FakeConnections connections;
    connections.stackBackend.world = onlyStack(life("activating", "yes"));
    const Outcome outcome = runCommand(connections,
        { QStringLiteral("up"), QStringLiteral("-f"), m_compose, QStringLiteral("--name"),
            QStringLiteral("kv"), QStringLiteral("--wait"), QStringLiteral("--timeout"),
            QStringLiteral("200ms") });
    QCOMPARE(outcome.exitCode, 18);
    QVERIFY2(outcome.err.contains(QStringLiteral("kv  activating")), qPrintable(outcome.err));
}

void tst_ctl_stacks::upRefusesBadNamesAndFilesWithTheirLine()
{
    FakeConnections connections;
    const auto up = [&](const QString &name) {
        return runCommand(connections,
            { QStringLiteral("up"), QStringLiteral("-f"), m_compose,
                QStringLiteral("--name=") + name });
    };
    for (const char *bad : { "Kv", "kv_1", "-kv", "kv-", "k v" })
        QCOMPARE(up(QString::fromLatin1(bad)).exitCode, 64);
    QCOMPARE(up(QString(64, u'a')).exitCode, 64);
    QVERIFY(!connections.stackBackend.created);

    QFile file(m_compose);
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write("services:\n  etcd: {\n");
    file.close();
    const Outcome outcome = up(QStringLiteral("kv"));
    QCOMPARE(outcome.exitCode, 64);
    QVERIFY2(outcome.err.contains(m_compose + QStringLiteral(":3:")), qPrintable(outcome.err));
}

void tst_ctl_stacks::upPassesVariablesAndFiles()
{
    FakeConnections connections;
    RunOptions options;
    options.environment.insert(QStringLiteral("FROM_HERE"), QStringLiteral("yes"));
    options.environment.insert(QStringLiteral("CI_JOB_ID"), QStringLiteral("77"));
    const Outcome outcome = runCommand(connections,
        { QStringLiteral("up"), QStringLiteral("-f"), m_compose, QStringLiteral("--rancher-file"),
            m_compose, QStringLiteral("--name"), QStringLiteral("kv"), QStringLiteral("--env"),
            QStringLiteral("VERSION=7.5"), QStringLiteral("--env"), QStringLiteral("FROM_HERE"),
            QStringLiteral("--label"), QStringLiteral("team=storage") },
        options);
    QCOMPARE(outcome.exitCode, 0);
    const auto &spec = connections.stackBackend.created;
    QVERIFY(spec);
    QCOMPARE(spec->environment.value(QStringLiteral("VERSION")), QStringLiteral("7.5"));
    QCOMPARE(spec->environment.value(QStringLiteral("FROM_HERE")), QStringLiteral("yes"));
    QVERIFY(spec->rancherCompose.contains(QStringLiteral("etcd")));
    QVERIFY2(spec->dockerCompose.contains(QStringLiteral("faultline.job")),
        qPrintable(spec->dockerCompose));
    QVERIFY(spec->dockerCompose.contains(QStringLiteral("storage")));
}

void tst_ctl_stacks::cancelEndsWaitingWithFour()
{
    FakeConnections connections;
    connections.stackBackend.world = onlyStack(life("activating", "yes"));
    RunOptions options;
    options.cancelAfter = std::chrono::milliseconds(100);
    QElapsedTimer timer;
    timer.start();
    const Outcome outcome = runCommand(connections,
        { QStringLiteral("up"), QStringLiteral("-f"), m_compose, QStringLiteral("--name"),
            QStringLiteral("kv"), QStringLiteral("--wait") },
        options);
    QCOMPARE(outcome.exitCode, 4);
    QVERIFY(timer.elapsed() < 2'000);
    QVERIFY(outcome.err.contains(QStringLiteral("faultlinectl rm kv")));
}

void tst_ctl_stacks::rmWaitsUntilGone()
{
    FakeConnections connections;
    connections.stackBackend.world = runningWorld();
    connections.stackBackend.next = { onlyStack(life("removing", "yes")), {} };
    const Outcome outcome = runCommand(connections, words("rm kv --wait"));
    QCOMPARE(outcome.exitCode, 0);
    QCOMPARE(connections.stackBackend.asked, QStringList{ QStringLiteral("removeStack 1st1") });
    QVERIFY2(outcome.out.endsWith(QStringLiteral("kv  removed\n")), qPrintable(outcome.out));
}

void tst_ctl_stacks::rmIsNotToldOfAnOldFailure()
{
    FakeConnections connections;
    connections.stackBackend.world = onlyStack(life("removing", "yes"));
    connections.stackBackend.staleBeginning = onlyStack(life("error", "error", "No such image"));
    connections.stackBackend.next = { onlyStack(life("removing", "yes")), {} };
    const Outcome outcome = runCommand(connections, words("rm kv --wait"));
    QVERIFY2(outcome.exitCode == 0, qPrintable(outcome.err));
}

void tst_ctl_stacks::rmTellsWhyTheRemovalFailed()
{
    FakeConnections connections;
    connections.stackBackend.world = onlyStack(life("removing", "error", "the volume is in use"));
    const Outcome outcome = runCommand(connections, words("rm kv --wait"));
    QCOMPARE(outcome.exitCode, 17);
    QVERIFY2(outcome.err.contains(QStringLiteral("the volume is in use")), qPrintable(outcome.err));
}

void tst_ctl_stacks::rmIgnoresMissingOnlyWhenTold()
{
    FakeConnections connections;
    QCOMPARE(runCommand(connections, words("rm nothing")).exitCode, 14);
    QCOMPARE(runCommand(connections, words("rm nothing --ignore-missing")).exitCode, 0);
}

void tst_ctl_stacks::rmOfSeveralGoesOnAfterAnError()
{
    FakeConnections connections;
    connections.stackBackend.world = runningWorld();
    const Outcome outcome = runCommand(connections, words("rm nothing kv --output json"));
    QCOMPARE(outcome.exitCode, 14);
    QCOMPARE(outcome.json().value(QStringLiteral("removed")).toArray(),
        QJsonArray{ QStringLiteral("kv") });
    QVERIFY(outcome.err.contains(QStringLiteral("nothing")));
}

void tst_ctl_stacks::scaleAsksForTheNumber()
{
    FakeConnections connections;
    connections.stackBackend.world = runningWorld();
    stacks::StackSnapshot bigger = runningWorld();
    bigger.services[0].scale = 3;
    bigger.services[0].currentScale = 3;
    connections.stackBackend.next = { bigger };
    const Outcome outcome = runCommand(connections, words("scale kv/etcd=3 --wait --output json"));
    QCOMPARE(outcome.exitCode, 0);
    QCOMPARE(connections.stackBackend.asked, QStringList{ QStringLiteral("scale 1s1 3") });
    QCOMPARE(outcome.json().value(QStringLiteral("currentScale")).toInt(), 3);
    for (const char *bad :
        { "scale kv/etcd", "scale kv=3", "scale kv/etcd=-1", "scale kv/etcd=many" })
        QCOMPARE(runCommand(connections, words(bad)).exitCode, 64);
}

void tst_ctl_stacks::deactivateWaitsForTheServices()
{
    FakeConnections connections;
    connections.stackBackend.world = runningWorld();
    connections.stackBackend.next
        = { worldWith(life("active"), life("deactivating", "yes"), life("stopping", "yes")),
              worldWith(life("active"), life("inactive"), life("stopped")) };
    const Outcome outcome = runCommand(connections, words("deactivate kv --wait"));
    QCOMPARE(outcome.exitCode, 0);
    QVERIFY2(
        outcome.out.endsWith(QStringLiteral("(etcd inactive 2/2)\n")), qPrintable(outcome.out));
    QCOMPARE(runCommand(connections, words("deactivate kv/etcd --wait")).exitCode, 0);
    QCOMPARE(connections.stackBackend.asked.last(), QStringLiteral("deactivate 1s1"));
    QCOMPARE(runCommand(connections, words("activate kv/etcd/etcd-1")).exitCode, 64);
}

void tst_ctl_stacks::stopWithZeroKills()
{
    FakeConnections connections;
    connections.stackBackend.world = runningWorld();
    connections.stackBackend.next
        = { worldWith(life("active"), life("active"), life("stopping", "yes")),
              worldWith(life("active"), life("active"), life("stopped")) };
    const Outcome outcome = runCommand(connections, words("stop kv/etcd-2 --timeout 0 --wait"));
    QCOMPARE(outcome.exitCode, 0);
    QCOMPARE(connections.stackBackend.asked, QStringList{ QStringLiteral("stop 1i2 within 0 s") });
    QVERIFY2(outcome.out.endsWith(QStringLiteral("kv-etcd-2  stopped\n")), qPrintable(outcome.out));
    QCOMPARE(runCommand(connections, words("stop 1i1")).exitCode, 0);
    QCOMPARE(connections.stackBackend.asked.last(), QStringLiteral("container 1i1 1"));
}

void tst_ctl_stacks::restartWaitsUntilItRuns()
{
    FakeConnections connections;
    connections.stackBackend.world
        = worldWith(life("active"), life("active"), life("restarting", "yes"));
    connections.stackBackend.next = { runningWorld() };
    const Outcome outcome = runCommand(connections, words("restart kv/kv-etcd-1 --wait"));
    QCOMPARE(outcome.exitCode, 0);
    QCOMPARE(outcome.out, QStringLiteral("kv-etcd-1  restarting\nkv-etcd-1  running\n"));
}

void tst_ctl_stacks::logsOfSeveralContainersCarryTheirNames()
{
    FakeConnections connections;
    connections.stackBackend.world = runningWorld();
    connections.stackBackend.logs
        = { { QStringLiteral("1i1"), "one\ntwo\n" }, { QStringLiteral("1i2"), "three" } };
    const Outcome outcome = runCommand(connections, words("log kv/etcd --tail 7"));
    QCOMPARE(outcome.exitCode, 0);
    QStringList lines = outcome.out.split(u'\n', Qt::SkipEmptyParts);
    lines.sort();
    QCOMPARE(lines,
        (QStringList{ QStringLiteral("kv-etcd-1 | one"), QStringLiteral("kv-etcd-1 | two"),
            QStringLiteral("kv-etcd-2 | three") }));
    QCOMPARE(connections.stackBackend.asked.first(), QStringLiteral("log 1i1 tail 7"));
}

void tst_ctl_stacks::logOfOneContainerIsRaw()
{
    FakeConnections connections;
    connections.stackBackend.world = runningWorld();
    connections.stackBackend.logs = { { QStringLiteral("1i1"), "\x1b[31mred\x1b[0m\x1b[2J\n" } };
    QCOMPARE(runCommand(connections, words("log kv/etcd/etcd-1")).out,
        QStringLiteral("\x1b[31mred\x1b[0m\x1b[2J\n"));
    QCOMPARE(
        runCommand(connections, words("log kv/etcd/etcd-1 --plain")).out, QStringLiteral("red\n"));
    RunOptions terminal;
    terminal.outIsTerminal = true;
    QCOMPARE(runCommand(connections, words("log kv/etcd/etcd-1"), terminal).out,
        QStringLiteral("\x1b[31mred\x1b[0m\n"));
}

void tst_ctl_stacks::errorsOfTheServerBecomeExitCodes_data()
{
    QTest::addColumn<int>("kind");
    QTest::addColumn<int>("exitCode");
    using domain::ErrorKind;
    QTest::newRow("network") << int(ErrorKind::Network) << 10;
    QTest::newRow("tls") << int(ErrorKind::Tls) << 11;
    QTest::newRow("auth") << int(ErrorKind::Auth) << 12;
    QTest::newRow("forbidden") << int(ErrorKind::Forbidden) << 13;
    QTest::newRow("conflict") << int(ErrorKind::Conflict) << 15;
    QTest::newRow("rate limited") << int(ErrorKind::RateLimited) << 16;
    QTest::newRow("server") << int(ErrorKind::Server) << 17;
    QTest::newRow("local") << int(ErrorKind::Local) << 19;
}

void tst_ctl_stacks::errorsOfTheServerBecomeExitCodes()
{
    QFETCH(int, kind);
    QFETCH(int, exitCode);
    FakeConnections connections;
    connections.stackBackend.failure = domain::Error();
    connections.stackBackend.failure->kind = domain::ErrorKind(kind);
    connections.stackBackend.failure->message = QStringLiteral("It went wrong.");
    const Outcome outcome = runCommand(connections, words("inspect"));
    QCOMPARE(outcome.exitCode, exitCode);
    QVERIFY(outcome.err.startsWith(QStringLiteral("faultlinectl: It went wrong.")));
    QVERIFY(outcome.out.isEmpty());
}

void tst_ctl_stacks::aServerThatNeverAnswersEndsInTime()
{
    FakeConnections connections;
    connections.stackBackend.neverAnswers = true;
    QElapsedTimer timer;
    timer.start();
    QCOMPARE(runCommand(connections, words("inspect --timeout 200ms")).exitCode, 18);
    QVERIFY(timer.elapsed() < 2'000);
}

void tst_ctl_stacks::badUsageIs64()
{
    FakeConnections connections;
    for (const char *bad : { "", "explode", "rm", "up", "inspect --output yaml",
             "inspect --timeout soon", "log", "log kv --job 3", "log --job x" }) {
        const Outcome outcome = runCommand(connections, words(bad));
        QVERIFY2(outcome.exitCode == 64, bad);
        QVERIFY2(!outcome.err.isEmpty(), bad);
    }
    connections.isConfigured = false;
    QCOMPARE(runCommand(connections, words("inspect")).exitCode, 64);
}

void tst_ctl_stacks::helpHasExamples()
{
    FakeConnections connections;
    for (const char *command : { "up", "rm", "inspect", "log", "scale", "activate", "deactivate",
             "start", "stop", "restart", "trigger", "cancel", "retry", "version" }) {
        const Outcome outcome
            = runCommand(connections, { QString::fromLatin1(command), QStringLiteral("--help") });
        QVERIFY2(outcome.exitCode == 0, command);
        QVERIFY2(
            outcome.out.contains(QStringLiteral("faultlinectl ") + QString::fromLatin1(command)),
            command);
    }
    QVERIFY(runCommand(connections, words("--version"))
                .out.startsWith(QStringLiteral("faultlinectl 0.")));
}

QTEST_GUILESS_MAIN(tst_ctl_stacks)
#include "tst_ctl_stacks.moc"
