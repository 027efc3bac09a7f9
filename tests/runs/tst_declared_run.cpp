// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/runs/declared_run.h"

#include <QFile>
#include <QJsonDocument>
#include <QTest>

using namespace faultline;
using namespace faultline::tests;

/// Cases that run to their end: the verdict, the bundle, and what is left.
class tst_declared_run : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void aCasePassesAndLeavesNothingButItsBundle();
    void everyFaultIsInAndOutAndExplainsItsDeaths();
    void aPausedContainerIsPausedAndGoesOn();
    void aLeaderIsAskedForAndKilled();
    void commandsRunInsideContainers();
    void aRunWaitsForRoomAndGivesUp();
    void aRolesVersionChoosesItsImage();
    void anUnexpectedDeathIsAFinding();
    void anAnomalyFailsAndKeepsAScene();
    void aCheckerThatGivesUpIsUnknown();
    void whatCannotBeDoneIsNotStarted();
    void theSameSeedGivesTheSamePlan();
    void nothingIsLeftBehind();

private:
    std::unique_ptr<LabProcess> m_lab;
};

void tst_declared_run::initTestCase()
{
    if (!LabProcess::dockerHost())
        QSKIP("no Docker Engine answers (FAULTLINE_DOCKER_HOST, DOCKER_HOST)");
    m_lab = std::make_unique<LabProcess>();
    QVERIFY2(m_lab->start(), qPrintable(m_lab->why()));
}

void tst_declared_run::aCasePassesAndLeavesNothingButItsBundle()
{
    DeclaredRun run(*m_lab);
    run.write(R"(  prepare: [{exec: "echo prepared"}]
workload: {command: "echo I work in $FAULTLINE_CASE; test -f $FAULTLINE_ENDPOINTS"}
probes: [{id: shell, kind: exec, target: runner, command: [/bin/true], every: 100ms, timeout: 20s}]
phases: [{name: work, duration: 3s}]
checks:
  - {id: log, kind: log.pattern, with: {pattern: "worker begins", expect: present}}
  - {id: shell-answers, kind: probe.availability, with: {probe: shell, atLeast: "100"}}
  - {id: holds, kind: exec.invariant, with: {command: "echo 42", expect: "42"}}
timeout: 5m
)");
    const auto outcome = run.run();
    QVERIFY2(outcome.exitCode == 0, outcome.text().constData());
    QVERIFY2(outcome.out.contains("\nI work in small-case\n"), outcome.text().constData());
    for (const char *name : { "case.yaml", "plan.json", "events.jsonl", "findings.json",
             "junit.xml", "ci.json", "series/shell.csv", "logs/workload.log", "logs/worker-1.log",
             "logs/prepare-1.log", "nodes/worker-1/inspect.json" })
        QVERIFY2(!run.file(QString::fromLatin1(name)).isEmpty(), name);
    QVERIFY(run.file(QStringLiteral("logs/worker-1.log")).contains("worker begins"));
    QCOMPARE(run.findings().value(QStringLiteral("verdict")).toString(), QStringLiteral("pass"));

    const auto events = run.events({});
    QCOMPARE(events.first().value(QStringLiteral("type")).toString(), QStringLiteral("run.begin"));
    QCOMPARE(events.last().value(QStringLiteral("type")).toString(), QStringLiteral("run.end"));
    int told = 0;
    for (const QByteArray &line : run.file(QStringLiteral("events.jsonl")).split('\n')) {
        if (!line.isEmpty() && outcome.out.contains(" ##faultline " + line + '\n'))
            ++told;
    }
    QVERIFY2(told >= 8, QByteArray::number(told).constData());
    QCOMPARE(run.containers(), QStringList());
    QCOMPARE(m_lab->leftovers(), QStringList());
}

void tst_declared_run::everyFaultIsInAndOutAndExplainsItsDeaths()
{
    DeclaredRun run(*m_lab);
    run.write(R"(workload: {command: "exec sleep 600"}
phases:
  - {name: chaos, duration: 40s, faults: all}
  - {name: verify, duration: 2s, healAll: true}
faults:
  - {id: a-kill, kind: container.kill, target: {role: worker}, schedule: {at: [1s]}}
  - {id: b-process, kind: process.kill, target: {role: worker}, schedule: {at: [8s]}}
  - {id: c-stop, kind: container.stop, target: {role: worker}, schedule: {at: [15s], for: 4s}}
  - {id: d-restart, kind: container.restart, target: {role: worker}, schedule: {at: [24s]}}
  - {id: e-scale, kind: stack.scale, target: {role: worker, pick: all}, args: {by: "1"}, schedule: {at: [31s], for: 5s}}
faultPolicy: {mode: sequential}
timeout: 5m
)");
    const auto outcome = run.run();
    QVERIFY2(outcome.exitCode == 0, outcome.text().constData());
    const QString whole = QStringLiteral(": injecting inForce recovering out");
    QCOMPARE(run.ledger(),
        QStringList({ QStringLiteral("a-kill") + whole, QStringLiteral("b-process") + whole,
            QStringLiteral("c-stop") + whole, QStringLiteral("d-restart") + whole,
            QStringLiteral("e-scale") + whole }));
    QCOMPARE(run.findingTexts(), QStringList());
    const auto deaths = run.events(QStringLiteral("container.death"));
    QVERIFY2(deaths.size() >= 4, outcome.text().constData());
    for (const QJsonObject &death : deaths)
        QVERIFY(death.value(QStringLiteral("explained")).toBool());
    QCOMPARE(m_lab->leftovers(), QStringList());
}

void tst_declared_run::aPausedContainerIsPausedAndGoesOn()
{
    DeclaredRun run(*m_lab);
    run.write(R"(workload: {command: "exec sleep 600"}
phases:
  - {name: chaos, duration: 10s, faults: all}
  - {name: verify, duration: 2s, healAll: true}
faults: [{id: freeze, kind: container.pause, target: {role: worker}, schedule: {at: [1s], for: 6s}}]
timeout: 5m
)");
    const auto process = run.startUntil(": inForce");
    QVERIFY(process);
    const auto state = [&] {
        return m_lab
            ->docker({ QStringLiteral("inspect"), QStringLiteral("--format"),
                QStringLiteral("{{.State.Status}}"), run.containers().value(0) })
            .out.trimmed();
    };
    QCOMPARE(state(), QByteArray("paused"));
    QTRY_COMPARE_WITH_TIMEOUT(state(), QByteArray("running"), 30'000);
    QVERIFY2(run.finish(*process) == 0, run.log().constData());
    QCOMPARE(
        run.ledger(), QStringList({ QStringLiteral("freeze: injecting inForce recovering out") }));
    QCOMPARE(run.findingTexts(), QStringList());
    QCOMPARE(m_lab->leftovers(), QStringList());
}

void tst_declared_run::aLeaderIsAskedForAndKilled()
{
    DeclaredRun run(*m_lab);
    run.write(R"(workload: {command: "exec sleep 600"}
phases:
  - {name: chaos, duration: 12s, faults: all}
  - {name: verify, duration: 2s, healAll: true}
faults:
  - id: leader
    kind: container.kill
    target: {role: worker, pick: leader, leaderCommand: "echo asking; echo worker"}
    schedule: {at: [1s]}
  - id: nobody
    kind: container.kill
    target: {role: worker, pick: leader, leaderCommand: "echo who-knows"}
    schedule: {at: [9s]}
timeout: 5m
)");
    const auto outcome = run.run();
    QVERIFY2(outcome.exitCode == 0, outcome.text().constData());
    QCOMPARE(run.ledger(),
        QStringList({ QStringLiteral("leader: injecting inForce recovering out"),
            QStringLiteral("nobody: skipped") }));
    QCOMPARE(run.findingTexts().size(), 1);
    QVERIFY(run.findingTexts().front().contains(QStringLiteral("who-knows")));
    QCOMPARE(m_lab->leftovers(), QStringList());
}

void tst_declared_run::commandsRunInsideContainers()
{
    DeclaredRun run(*m_lab);
    run.write(
        R"(  ready: [{kind: exec, target: worker, command: [test, -d, /proc/1], every: 500ms, timeout: 5s}]
  prepare: [{exec: "echo all is prepared > /tmp/mark; cat /tmp/mark", where: worker}]
workload: {command: "exec sleep 600"}
probes:
  - {id: inside, kind: exec, target: worker, command: [test, -f, /tmp/mark], every: 1s, timeout: 8s}
  - {id: never, kind: exec, target: worker, command: [test, -f, /tmp/other], every: 1s, timeout: 8s}
phases: [{name: work, duration: 4s}]
checks:
  - {id: inside, kind: probe.availability, with: {probe: inside, atLeast: "100"}}
  - {id: never, kind: probe.availability, with: {probe: never, atLeast: "1"}}
  - {id: holds, kind: exec.invariant, with: {where: worker, command: "cat /tmp/mark", expect: "all is prepared"}}
  - {id: breaks, kind: exec.invariant, with: {where: worker, command: "exit 3"}}
timeout: 5m
)");
    const auto outcome = run.run();
    QVERIFY2(outcome.exitCode == 1, outcome.text().constData());
    const QStringList found = run.findingTexts();
    QVERIFY2(found.size() == 2 && found[0].startsWith(QStringLiteral("never: "))
            && found[1].startsWith(
                QStringLiteral("breaks: The invariant does not hold (exit code 3)")),
        qPrintable(found.join(u'\n')));
    QVERIFY(run.file(QStringLiteral("logs/prepare-1.log")).contains("all is prepared"));
    QCOMPARE(m_lab->leftovers(), QStringList());
}

void tst_declared_run::aRunWaitsForRoomAndGivesUp()
{
    DeclaredRun run(*m_lab);
    run.write("needs: {cpu: 4000, maxWait: 6s}\nworkload: {command: \"exit 0\"}\ntimeout: 3m\n");
    const auto full = run.run();
    QVERIFY2(full.exitCode == 3, full.text().constData());
    QVERIFY2(full.out.contains("waiting for 4000.0 cores (free: "), full.text().constData());
    QVERIFY2(run.events(QStringLiteral("stack.create")).isEmpty(), "nothing may be started");
    QVERIFY(run.findings()
                .value(QStringLiteral("trouble"))
                .toString()
                .contains(QStringLiteral("no room for 4000.0 cores")));

    run.write(
        "needs: {memory: 16MiB, maxWait: 1m}\nworkload: {command: \"exit 0\"}\ntimeout: 3m\n");
    const auto roomy = run.run();
    QVERIFY2(roomy.exitCode == 0, roomy.text().constData());

    const auto slots = m_lab->ctl({ QStringLiteral("wait-capacity"), QStringLiteral("--slots"),
        QStringLiteral("99"), QStringLiteral("--timeout"), QStringLiteral("4") });
    QVERIFY2(slots.exitCode == 18, slots.text().constData());
    QCOMPARE(m_lab
                 ->ctl({ QStringLiteral("wait-capacity"), QStringLiteral("--memory"),
                     QStringLiteral("16MiB") })
                 .exitCode,
        0);
    QCOMPARE(m_lab->leftovers(), QStringList());
}

void tst_declared_run::aRolesVersionChoosesItsImage()
{
    DeclaredRun run(*m_lab);
    run.write("workload: {command: \"exit 0\"}\ntimeout: 3m\n", "no-such-image:0");
    const auto replace = [&](const QString &name, const QByteArray &from, const QByteArray &to) {
        QFile file(run.folder() + u'/' + name);
        QVERIFY(file.open(QIODevice::ReadWrite));
        const QByteArray text = file.readAll().replace(from, to);
        QVERIFY(file.seek(0) && file.resize(0));
        file.write(text);
    };
    replace(QStringLiteral("case.yaml"), "scale: 1", "scale: 1, version: {tag: \"1\"}");
    const auto without = run.run();
    QVERIFY2(without.exitCode == 64, without.text().constData());
    QVERIFY2(without.err.contains("needs a template"), without.text().constData());
    replace(QStringLiteral("suites.yaml"), "suites: {}",
        "suites: {}\nimages: {worker: \"faultline/busybox:{version}\"}");
    const auto outcome = run.run();
    QVERIFY2(outcome.exitCode == 0, outcome.text().constData());
    QVERIFY(run.file(QStringLiteral("plan.json")).contains("\"image\": \"faultline/busybox:1\""));
    QCOMPARE(m_lab->leftovers(), QStringList());
}

void tst_declared_run::anUnexpectedDeathIsAFinding()
{
    DeclaredRun run(*m_lab);
    run.write("workload: {command: \"exec sleep 600\"}\nphases: [{name: work, duration: "
              "15s}]\ntimeout: 5m\n");
    const auto process = run.startUntil("phase work");
    QVERIFY(process);
    const QStringList containers = run.containers();
    QCOMPARE(containers.size(), 1);
    QCOMPARE(m_lab->docker({ QStringLiteral("kill"), containers.front() }).exitCode, 0);
    QVERIFY2(run.finish(*process) == 1, run.log().constData());
    QCOMPARE(run.findingTexts().size(), 1);
    QVERIFY2(run.findingTexts().front().startsWith(
                 QStringLiteral("containers.noneUnexpectedlyDead: The container ")),
        qPrintable(run.findingTexts().join(u'\n')));
    QVERIFY(run.file(QStringLiteral("junit.xml")).contains("<failure type=\"crash\""));
    QCOMPARE(m_lab->leftovers(), QStringList());
}

void tst_declared_run::anAnomalyFailsAndKeepsAScene()
{
    DeclaredRun run(*m_lab);
    run.write(R"(workload: {command: "echo too bad; exit 3"}
timeout: 5m
retention: {fail: {keep: true, ttl: 1h}}
)");
    const auto outcome = run.run();
    QVERIFY2(outcome.exitCode == 1, outcome.text().constData());
    QCOMPARE(run.containers().size(), 1);
    const auto labels = m_lab->docker({ QStringLiteral("inspect"), QStringLiteral("--format"),
        QStringLiteral("{{json .Config.Labels}}"), run.containers().front() });
    for (const char *label :
        { "\"faultline.case\":\"small-case\"", "\"faultline.owner\":\"storage\"",
            "\"faultline.keeps\":\"fail=1h\"", "\"faultline.run\":", "\"faultline.stack\":" })
        QVERIFY2(labels.out.contains(label), labels.text().constData());
    const QJsonObject scene
        = QJsonDocument::fromJson(run.file(QStringLiteral("scene.json"))).object();
    QCOMPARE(scene.value(QStringLiteral("verdict")).toString(), QStringLiteral("fail"));
    QVERIFY(scene.value(QStringLiteral("reason")).toString().contains(QStringLiteral("code 3")));
    QVERIFY2(outcome.out.contains("docker exec -it "), outcome.text().constData());
    const QString stack = scene.value(QStringLiteral("stack")).toString();
    QCOMPARE(m_lab->ctl({ QStringLiteral("rm"), stack, QStringLiteral("--wait") }).exitCode, 0);
    QCOMPARE(m_lab->leftovers(), QStringList());
}

void tst_declared_run::aCheckerThatGivesUpIsUnknown()
{
    DeclaredRun run(*m_lab);
    run.write("workload: {command: \"exit 75\"}\ntimeout: 5m\n");
    const auto outcome = run.run();
    QVERIFY2(outcome.exitCode == 2, outcome.text().constData());
    QVERIFY(!run.file(QStringLiteral("junit.xml")).contains("errors=\"0\""));
    QCOMPARE(m_lab->leftovers(), QStringList());
}

void tst_declared_run::whatCannotBeDoneIsNotStarted()
{
    DeclaredRun run(*m_lab);
    run.write(R"(workload: {command: "exit 0"}
phases: [{name: chaos, duration: 10s, faults: all}, {name: heal, duration: 1s, healAll: true}]
faults: [{id: cut, kind: container.remove, target: {role: worker}, schedule: {at: [1s]}}]
timeout: 5m
)");
    const auto outcome = run.run();
    QVERIFY2(outcome.exitCode == 64, outcome.text().constData());
    QVERIFY2(
        outcome.err.contains("container.remove can't be injected"), outcome.text().constData());
    QVERIFY(run.file(QStringLiteral("events.jsonl")).isEmpty());
    QCOMPARE(m_lab->leftovers(), QStringList());
}

void tst_declared_run::theSameSeedGivesTheSamePlan()
{
    DeclaredRun run(*m_lab);
    run.write(R"(workload: {command: "exec sleep 600"}
phases: [{name: chaos, duration: 3s, faults: all}, {name: heal, duration: 1s, healAll: true}]
faults: [{id: kill, kind: container.kill, target: {role: worker}, schedule: {poisson: 1s}}]
timeout: 5m
)");
    const auto planned = [&](const char *seed) {
        return run
            .run({ QStringLiteral("--dry-run"), QStringLiteral("--seed"),
                QString::fromLatin1(seed) })
            .out;
    };
    const QByteArray dry = planned("7");
    QVERIFY2(dry.contains("\"seed\": \"7\""), dry.constData());
    QVERIFY(planned("8") != dry);
    QCOMPARE(m_lab->leftovers(), QStringList()); // nothing was started
    const auto outcome = run.run({ QStringLiteral("--seed"), QStringLiteral("7") });
    QVERIFY2(outcome.exitCode == 0, outcome.text().constData());
    // What really ran comes behind what was planned.
    const QByteArray plan = run.file(QStringLiteral("plan.json"));
    const QByteArray planned7 = dry.left(dry.lastIndexOf('\n', dry.size() - 2));
    QVERIFY2(plan.startsWith(planned7), plan.constData());
    QVERIFY2(plan.mid(planned7.size()).startsWith(",\n  \"images\": {\n    \"worker\": {"),
        plan.constData());
    QVERIFY2(plan.contains("\"id\": \"sha256:"), plan.constData());
}

void tst_declared_run::nothingIsLeftBehind()
{
    QVERIFY(m_lab->stop());
    const auto removed = m_lab->removeAll();
    QVERIFY2(removed.exitCode == 0, removed.text().constData());
    QCOMPARE(m_lab->leftovers(), QStringList());
}

QTEST_GUILESS_MAIN(tst_declared_run)
#include "tst_declared_run.moc"
