// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/runs/dead_runs.h"
#include "tests/runs/declared_run.h"

#include <QDir>
#include <QElapsedTimer>
#include <QFile>
#include <QTest>

#include <csignal>

#include <unistd.h>

using namespace faultline;
using namespace faultline::tests;

/// Runs that do not come to their own end: the verdict says so, and nothing is left.
class tst_broken_run : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void aMissingImageIsInfrastructure();
    void aFailedPreparationIsInfrastructure();
    void aFlakyStartIsWaitedFor();
    void aStartThatNeverSucceedsIsInfrastructure();
    void aCaseThatDoesNotEndFailsAtItsTimeout();
    void aTerminatedRunUndoesItsFaultAndLeavesNothing();
    void aRunTerminatedTwiceLeavesNothing();
    void aBundleThatCannotBeWrittenIsInfrastructure();
    void aFileThatCannotGrowIsInfrastructure();
    void aDiskThatGetsFullIsInfrastructure();
    void aKilledRunnerIsOnRecordAndItsBundleIsClosed();
    void aKilledLabIsInfrastructureAndTheCleanupIsTriedAgain();
    void nothingIsLeftBehind();

private:
    std::unique_ptr<LabProcess> m_lab;
};

namespace {

const QByteArray longFault = R"(workload: {command: "trap '' TERM; sleep 611 & sleep 612"}
phases: [{name: chaos, duration: 100s, faults: all}, {name: heal, duration: 1s, healAll: true}]
faults: [{id: stop, kind: container.stop, target: {role: worker}, schedule: {at: [0s], for: 90s}}]
timeout: 5m
)";

/// More than fits where little room is left.
const QByteArray manyEvents = R"(workload: {command: "exec sleep 600"}
probes:
  - {id: a-probe-with-a-name-that-takes-some-room, kind: exec, target: runner, command: [/bin/true], every: 100ms}
  - {id: b-probe-with-a-name-that-takes-some-room, kind: exec, target: runner, command: [/bin/true], every: 100ms}
phases: [{name: work, duration: 100s}]
timeout: 5m
)";

} // namespace

void tst_broken_run::initTestCase()
{
    if (!LabProcess::dockerHost())
        QSKIP("no Docker Engine answers (FAULTLINE_DOCKER_HOST, DOCKER_HOST)");
    m_lab = std::make_unique<LabProcess>();
    QVERIFY2(m_lab->start(), qPrintable(m_lab->why()));
}

void tst_broken_run::aMissingImageIsInfrastructure()
{
    DeclaredRun run(*m_lab);
    run.write("workload: {command: \"exit 0\"}\ntimeout: 3m\n", "faultline/no-such-image:1");
    const auto outcome = run.run();
    QVERIFY2(outcome.exitCode == 3, outcome.text().constData());
    QVERIFY2(run.findings()
                 .value(QStringLiteral("trouble"))
                 .toString()
                 .contains(QStringLiteral("no-such-image")),
        outcome.text().constData());
    QCOMPARE(m_lab->leftovers(), QStringList());
}

void tst_broken_run::aFailedPreparationIsInfrastructure()
{
    DeclaredRun run(*m_lab);
    run.write("  prepare: [{exec: \"exit 9\"}]\nworkload: {command: \"exit 0\"}\ntimeout: 3m\n");
    const auto outcome = run.run();
    QVERIFY2(outcome.exitCode == 3, outcome.text().constData());
    QVERIFY(run.events(QStringLiteral("workload.begin")).isEmpty());
    QCOMPARE(m_lab->leftovers(), QStringList());
}

void tst_broken_run::aFlakyStartIsWaitedFor()
{
    DeclaredRun run(*m_lab);
    // It fails twice before it stays up; its file system outlives the restarts.
    run.write("  ready: [{kind: exec, target: runner, command: [test, -f, up], every: 200ms}]\n"
              "workload: {command: \"exit 0\"}\ntimeout: 3m\n",
        "faultline/busybox:1",
        "echo x >> /tries; test $(wc -l < /tries) -gt 2 || exit 1; trap 'exit 0' TERM; "
        "while true; do sleep 0.2; done");
    const auto outcome = run.runInShell(QStringLiteral("(sleep 1; touch up) & $RUN"));
    QVERIFY2(outcome.exitCode == 0, outcome.text().constData());
    QCOMPARE(m_lab->leftovers(), QStringList());
}

void tst_broken_run::aStartThatNeverSucceedsIsInfrastructure()
{
    DeclaredRun run(*m_lab);
    run.write("workload: {command: \"exit 0\"}\ntimeout: 10s\n", "faultline/busybox:1", "exit 1");
    const auto outcome = run.run();
    QVERIFY2(outcome.exitCode == 3, outcome.text().constData());
    QVERIFY(run.events(QStringLiteral("workload.begin")).isEmpty());
    QCOMPARE(m_lab->leftovers(), QStringList());
}

void tst_broken_run::aCaseThatDoesNotEndFailsAtItsTimeout()
{
    DeclaredRun run(*m_lab);
    run.write("workload: {command: \"sleep 613\"}\ntimeout: 30s\n");
    const auto outcome = run.run();
    QVERIFY2(outcome.exitCode == 1, outcome.text().constData());
    QVERIFY(run.findingTexts().contains(
        QStringLiteral("timeout: The case did not end within its timeout of 30s.")));
    QCOMPARE(processesWith(QStringLiteral("sleep 613")), 0);
    QCOMPARE(m_lab->leftovers(), QStringList());
}

void tst_broken_run::aTerminatedRunUndoesItsFaultAndLeavesNothing()
{
    DeclaredRun run(*m_lab);
    run.write(longFault);
    const auto process = run.startUntil(": inForce");
    QVERIFY(process);
    QCOMPARE(processesWith(QStringLiteral("sleep 61[12]")), 2);
    process->terminate();
    QVERIFY2(run.finish(*process) == 4, run.log().constData());
    QCOMPARE(
        run.ledger(), QStringList({ QStringLiteral("stop: injecting inForce recovering out") }));
    QCOMPARE(run.records(), QStringList());
    QCOMPARE(run.findings().value(QStringLiteral("verdict")).toString(), QStringLiteral("aborted"));
    QCOMPARE(processesWith(QStringLiteral("sleep 61[12]")), 0);
    QCOMPARE(run.containers(), QStringList());
    QCOMPARE(m_lab->leftovers(), QStringList());
}

void tst_broken_run::aRunTerminatedTwiceLeavesNothing()
{
    DeclaredRun run(*m_lab);
    run.write(longFault);
    const auto process = run.startUntil(": inForce");
    QVERIFY(process);
    process->terminate();
    const auto pid = static_cast<pid_t>(process->processId());
    QVERIFY(QTest::qWaitFor(
        [&] { return run.file(QStringLiteral("events.jsonl")).contains("\"type\":\"abort\""); },
        30'000));
    QCOMPARE(::kill(pid, SIGTERM), 0);
    QVERIFY2(run.finish(*process) == 4, run.log().constData());
    QVERIFY2(run.ledger().first().endsWith(QStringLiteral(" out")),
        qPrintable(run.ledger().join(u'\n')));
    QCOMPARE(processesWith(QStringLiteral("sleep 61[12]")), 0);
    QCOMPARE(m_lab->leftovers(), QStringList());
}

void tst_broken_run::aBundleThatCannotBeWrittenIsInfrastructure()
{
    DeclaredRun run(*m_lab);
    run.write(longFault);
    // The ledger goes to a device that is always full: no fault may be injected without it.
    QVERIFY(QDir(run.folder()).mkpath(QStringLiteral("full")));
    QVERIFY(QFile::link(
        QStringLiteral("/dev/full"), run.folder() + QStringLiteral("/full/faults.jsonl")));
    const auto outcome = runProgram(ownProgram(QStringLiteral("faultlinectl")),
        { QStringLiteral("--workspace"), m_lab->workspaceFile(), QStringLiteral("run"),
            QStringLiteral("case.yaml"), QStringLiteral("--bundle"), QStringLiteral("full") },
        cleanEnvironment(), std::chrono::minutes(3), run.folder());
    QVERIFY2(outcome.exitCode == 3, outcome.text().constData());
    QVERIFY2(outcome.out.contains("The bundle can't be written"), outcome.text().constData());
    QCOMPARE(m_lab->leftovers(), QStringList());
}

void tst_broken_run::aFileThatCannotGrowIsInfrastructure()
{
    DeclaredRun run(*m_lab);
    run.write(manyEvents);
    const auto outcome = run.runInShell(QStringLiteral("ulimit -f 24; exec $RUN")); // 12 KiB
    QVERIFY2(outcome.exitCode == 3, outcome.text().constData());
    QVERIFY2(outcome.out.contains("The bundle can't be written"), outcome.text().constData());
    QCOMPARE(m_lab->leftovers(), QStringList());
}

void tst_broken_run::aDiskThatGetsFullIsInfrastructure()
{
    if (geteuid() != 0)
        QSKIP("only root can mount a small file system");
    DeclaredRun run(*m_lab);
    run.write(manyEvents);
    const auto outcome = run.runInShell(
        QStringLiteral("mkdir bundle-1; exec unshare --mount sh -c 'mount -t tmpfs -o size=32k "
                       "none bundle-1 && exec $RUN'"));
    QVERIFY2(outcome.exitCode == 3, outcome.text().constData());
    QVERIFY2(outcome.out.contains("No space left on device"), outcome.text().constData());
    QCOMPARE(m_lab->leftovers(), QStringList());
}

void tst_broken_run::aKilledRunnerIsOnRecordAndItsBundleIsClosed()
{
    DeclaredRun run(*m_lab);
    run.write(longFault);
    const auto process = run.startUntil(": inForce");
    QVERIFY(process);
    QVERIFY(runs::deadRuns(run.recordFolder()).empty()); // it lives
    process->kill();
    QVERIFY(process->waitForFinished(30'000));
    const auto dead = runs::deadRuns(run.recordFolder());
    QCOMPARE(dead.size(), std::size_t(1));
    const QStringList containers = run.containers();
    QCOMPARE(containers.size(), 1);
    const auto labels = m_lab->docker({ QStringLiteral("inspect"), QStringLiteral("--format"),
        QStringLiteral("{{json .Config.Labels}}"), containers.front() });
    QVERIFY2(labels.out.contains(
                 "\"faultline.runner\":\"" + QByteArray::fromStdString(dead.front().runner) + '"'),
        labels.text().constData());
    QVERIFY2(labels.out.contains("\"faultline.expires\":\"2"), labels.text().constData());

    const QString stack = QString::fromStdString(dead.front().stack);
    QCOMPARE(m_lab->ctl({ QStringLiteral("rm"), stack, QStringLiteral("--wait") }).exitCode, 0);
    QVERIFY(runs::endDeadRun(run.recordFolder(), dead.front()));
    QCOMPARE(processesWith(QStringLiteral("sleep 61[12]")), 0);
    QCOMPARE(run.findings().value(QStringLiteral("verdict")).toString(),
        QStringLiteral("infrastructure"));
    QCOMPARE(run.events(QStringLiteral("run.end")).size(), 1);
    QCOMPARE(run.ledger(), QStringList({ QStringLiteral("stop: injecting inForce moot") }));
    QCOMPARE(run.records(), QStringList());
    QCOMPARE(m_lab->leftovers(), QStringList());
}

void tst_broken_run::aKilledLabIsInfrastructureAndTheCleanupIsTriedAgain()
{
    DeclaredRun run(*m_lab);
    run.write("workload: {command: \"exec sleep 600\"}\nphases: [{name: work, duration: "
              "100s}]\ntimeout: 5m\n");
    const auto process = run.startUntil("phase work");
    QVERIFY(process);
    QElapsedTimer timer;
    timer.start();
    m_lab->killHard();
    QVERIFY(QTest::qWaitFor(
        [&] {
            return run.file(QStringLiteral("events.jsonl")).contains("\"type\":\"infrastructure\"");
        },
        60'000));
    qInfo("noticed after %.1f s", double(timer.elapsed()) / 1'000);
    QVERIFY2(m_lab->start(m_lab->port()), qPrintable(m_lab->why()));
    QVERIFY2(run.finish(*process) == 3, run.log().constData());
    QCOMPARE(run.events(QStringLiteral("stack.gone")).size(), 1);
    QCOMPARE(m_lab->leftovers(), QStringList());
}

void tst_broken_run::nothingIsLeftBehind()
{
    QVERIFY(m_lab->stop());
    const auto removed = m_lab->removeAll();
    QVERIFY2(removed.exitCode == 0, removed.text().constData());
    QCOMPARE(m_lab->leftovers(), QStringList());
}

QTEST_GUILESS_MAIN(tst_broken_run)
#include "tst_broken_run.moc"
