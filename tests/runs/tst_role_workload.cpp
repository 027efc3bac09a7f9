// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/runs/declared_run.h"

#include <QProcess>
#include <QTest>

using namespace faultline;
using namespace faultline::tests;

/// Workloads inside a role, and what workloads tell of themselves, on real containers.
class tst_role_workload : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void itRunsInItsContainerAndItsExitCodeCounts();
    void itEndsWhenItsTimeIsOver();
    void whatIgnoresSigtermIsKilled();
    void aContainerThatDiesUnderItLeavesTheVerdictOpen();
    void itStaysFrozenWithItsScene();
    void aWorkloadOnTheRunnerTellsItsProgressAndNumbers();
    void aPageOfNumbersBecomesACurve();
    void aSilentWorkloadIsUnknown();

private:
    [[nodiscard]] QByteArray docker(const QStringList &arguments) const;

    std::unique_ptr<LabProcess> m_lab;
};

void tst_role_workload::initTestCase()
{
    if (!LabProcess::dockerHost())
        QSKIP("no Docker Engine answers (FAULTLINE_DOCKER_HOST, DOCKER_HOST)");
    m_lab = std::make_unique<LabProcess>();
    QVERIFY2(m_lab->start(), qPrintable(m_lab->why()));
}

QByteArray tst_role_workload::docker(const QStringList &arguments) const
{
    QProcess process;
    process.start(QStringLiteral("docker"),
        QStringList{ QStringLiteral("--host"), *LabProcess::dockerHost() } + arguments);
    process.waitForFinished(30'000);
    return process.readAllStandardOutput();
}

void tst_role_workload::itRunsInItsContainerAndItsExitCodeCounts()
{
    DeclaredRun run(*m_lab);
    // The quotes and the dollar are the workload's own.
    run.write(R"(workload:
  where: worker
  env: {GREETING: "it's me"}
  command: "echo \"$GREETING in $FAULTLINE_CASE as $(cat /proc/1/cmdline | tr '\\0' ' ' | cut -c1-7)\"; exit 3"
checks: [{id: code, kind: exitCode, with: {expect: "3"}}]
timeout: 5m
)");
    const auto outcome = run.run();
    QVERIFY2(outcome.exitCode == 0, outcome.text().constData());
    QVERIFY2(outcome.out.contains("\nit's me in small-case as sh -c e\n")
            || outcome.out.contains("\nit's me in small-case as sh -c"),
        outcome.text().constData());
    QVERIFY(run.file(QStringLiteral("logs/workload.log")).startsWith("it's me in small-case"));
    QVERIFY(!outcome.text().contains("__faultline"));

    DeclaredRun wrong(*m_lab);
    wrong.write("workload: {where: worker, command: \"exit 3\"}\ntimeout: 5m\n");
    const auto failed = wrong.run();
    QVERIFY2(failed.exitCode == 1, failed.text().constData());
    QVERIFY2(wrong.findingTexts().join(u' ').contains(QStringLiteral("exit code 3")),
        failed.text().constData());
}

void tst_role_workload::itEndsWhenItsTimeIsOver()
{
    DeclaredRun run(*m_lab);
    run.write(
        R"(workload: {where: worker, command: "trap 'echo last words; exit 0' TERM; echo begun; while true; do sleep 0.1; done"}
phases: [{name: work, duration: 3s}]
timeout: 5m
)");
    const auto outcome = run.run();
    QVERIFY2(outcome.exitCode == 0, outcome.text().constData());
    QVERIFY2(outcome.out.contains("\nlast words\n"), outcome.text().constData());
}

void tst_role_workload::whatIgnoresSigtermIsKilled()
{
    DeclaredRun run(*m_lab);
    run.write(R"(workload: {where: worker, command: "trap '' TERM; while true; do sleep 0.1; done"}
phases: [{name: work, duration: 1s}]
timeout: 5m
)");
    const auto outcome = run.run();
    QVERIFY2(outcome.exitCode == 1, outcome.text().constData());
    QVERIFY2(run.findingTexts().join(u' ').contains(QStringLiteral("was killed")),
        outcome.text().constData());
}

void tst_role_workload::aContainerThatDiesUnderItLeavesTheVerdictOpen()
{
    DeclaredRun run(*m_lab);
    run.write(R"(workload: {where: worker, command: "exec sleep 600", mayBeFaulted: true}
phases: [{name: chaos, duration: 12s, faults: all}]
faults: [{id: kill, kind: container.kill, target: {role: worker}, schedule: {at: [2s]}}]
timeout: 5m
)");
    const auto outcome = run.run();
    QVERIFY2(outcome.exitCode == 2, outcome.text().constData());
    QVERIFY2(
        outcome.text().contains("the end of the command was not told"), outcome.text().constData());
}

void tst_role_workload::itStaysFrozenWithItsScene()
{
    DeclaredRun run(*m_lab);
    run.write(R"(workload: {where: worker, command: "while true; do sleep 0.123; done"}
probes: [{id: never, kind: exec, target: runner, command: [/bin/false], every: 100ms}]
phases: [{name: work, duration: 3s}]
checks: [{id: outage, kind: probe.availability, with: {probe: never, maxOutage: 1s}}]
retention: {fail: {keep: true, ttl: 1h, workload: pause}}
timeout: 5m
)");
    const auto outcome = run.run();
    // Whether it fails is known only after the phases, so the final check is too late to keep it.
    QVERIFY2(outcome.exitCode == 1, outcome.text().constData());
    QVERIFY(run.events(QStringLiteral("workload.frozen")).isEmpty());
    QCOMPARE(run.ctl({ QStringLiteral("rm"), QStringLiteral("--wait"),
                         run.findings().value(QStringLiteral("stack")).toString() })
                 .exitCode,
        0);

    run.write(R"(workload: {where: worker, command: "while true; do sleep 0.123; done"}
probes: [{id: never, kind: exec, target: runner, command: [/bin/false], every: 100ms}]
phases: [{name: work, duration: 4s}]
checks: [{id: outage, kind: probe.availability, when: during, with: {probe: never, maxOutage: 1s}}]
retention: {fail: {keep: true, ttl: 1h, workload: pause}}
timeout: 5m
)");
    const auto kept = run.run();
    QVERIFY2(kept.exitCode == 1, kept.text().constData());
    QVERIFY2(run.events(QStringLiteral("workload.frozen")).size() == 1, kept.text().constData());
    const QStringList containers = run.containers();
    QCOMPARE(containers.size(), 1);
    const QByteArray states
        = docker({ QStringLiteral("exec"), containers.first(), QStringLiteral("sh"),
            QStringLiteral("-c"), QStringLiteral("cat /proc/[0-9]*/stat | grep ' T '") });
    QVERIFY2(states.contains("(sh) T"), states.constData());
    QCOMPARE(run.ctl({ QStringLiteral("rm"), QStringLiteral("--wait"),
                         run.findings().value(QStringLiteral("stack")).toString() })
                 .exitCode,
        0);
}

void tst_role_workload::aWorkloadOnTheRunnerTellsItsProgressAndNumbers()
{
    DeclaredRun run(*m_lab);
    run.write(R"(workload:
  command: "for i in 1 2 3 4; do echo $i/4 > $FAULTLINE_PROGRESS.new; mv $FAULTLINE_PROGRESS.new $FAULTLINE_PROGRESS; echo \"$i ops/s\"; sleep 1.1; done"
  progress: progress
  metrics: "(?P<ops>[0-9]+) ops/s"
  heartbeat: 30s
timeout: 5m
)");
    const auto outcome = run.run();
    QVERIFY2(outcome.exitCode == 0, outcome.text().constData());
    const auto steps = run.events(QStringLiteral("workload.progress"));
    QVERIFY2(steps.size() >= 3, outcome.text().constData());
    QCOMPARE(steps.last().value(QStringLiteral("done")).toInt(), 4);
    const QByteArray csv = run.file(QStringLiteral("series/workload.metrics.csv"));
    QVERIFY2(csv.startsWith("second,name,value\n") && csv.contains(",ops,4\n"), csv.constData());
    // The events alone give the same file.
    const QString bundle = run.bundle();
    QVERIFY(QFile::remove(bundle + QStringLiteral("/series/workload.metrics.csv")));
    QCOMPARE(run.ctl({ QStringLiteral("bundle"), QStringLiteral("rebuild"), bundle }).exitCode, 0);
    QCOMPARE(run.file(QStringLiteral("series/workload.metrics.csv")), csv);
}

void tst_role_workload::aPageOfNumbersBecomesACurve()
{
    DeclaredRun run(*m_lab);
    // One that answers every connection with the same page; port and body are the workload's own.
    run.write(R"(workload:
  command: "exec python3 page.py"
  metrics: "http://127.0.0.1:47613/numbers?of=all"
phases: [{name: work, duration: 5s}]
timeout: 5m
)");
    QFile page(run.folder() + QStringLiteral("/page.py"));
    QVERIFY(page.open(QIODevice::WriteOnly));
    page.write(R"(import http.server
class Page(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        body = b'{"ops": 42, "of": "%s"}' % self.path.encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
http.server.HTTPServer(("127.0.0.1", 47613), Page).serve_forever()
)");
    page.close();
    const auto outcome = run.run();
    QVERIFY2(outcome.exitCode == 0, outcome.text().constData());
    QVERIFY2(run.file(QStringLiteral("series/workload.metrics.csv")).contains(",ops,42\n"),
        outcome.text().constData());
}

void tst_role_workload::aSilentWorkloadIsUnknown()
{
    DeclaredRun run(*m_lab);
    run.write(R"(workload: {command: "echo once; exec sleep 600", heartbeat: 2s}
phases: [{name: work, duration: 6s}]
timeout: 5m
)");
    const auto outcome = run.run();
    QVERIFY2(outcome.exitCode == 2, outcome.text().constData());
    QVERIFY2(
        run.findingTexts().join(u' ').contains(QStringLiteral("gave no sign for more than 2s")),
        outcome.text().constData());
}

QTEST_GUILESS_MAIN(tst_role_workload)
#include "tst_role_workload.moc"
