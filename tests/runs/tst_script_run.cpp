// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/runs/declared_run.h"

#include <QElapsedTimer>
#include <QFile>
#include <QJsonDocument>
#include <QTest>

using namespace faultline;
using namespace faultline::tests;

/// `run -- COMMAND`: a script that makes its stack itself.
class tst_script_run : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void aScriptPassesByItsExitCodeAndItsStackIsRemoved();
    void aScriptFailsByItsExitCodeAndItsStackMayBeKept();
    void aDeathThatTheScriptWantedIsNone();
    void aDeathThatNobodyWantedIsAFinding();
    void anInterruptedScriptLeavesNothing();
    void aScriptInterruptedTwiceLeavesNothing();
    void whatIsNoCommandIsBadUsage();
    void nothingIsLeftBehind();

private:
    std::unique_ptr<LabProcess> m_lab;
};

namespace {

/// Makes the stack that the run named.
const QString up
    = QStringLiteral("faultlinectl up -f compose.yml --name $FAULTLINE_STACK --wait; ");

QStringList script(const QString &line)
{
    return { QStringLiteral("--"), QStringLiteral("sh"), QStringLiteral("-ec"), line };
}

} // namespace

void tst_script_run::initTestCase()
{
    if (!LabProcess::dockerHost())
        QSKIP("no Docker Engine answers (FAULTLINE_DOCKER_HOST, DOCKER_HOST)");
    m_lab = std::make_unique<LabProcess>();
    QVERIFY2(m_lab->start(), qPrintable(m_lab->why()));
}

void tst_script_run::aScriptPassesByItsExitCodeAndItsStackIsRemoved()
{
    DeclaredRun run(*m_lab);
    run.write({});
    const auto outcome = run.run(QStringList{ QStringLiteral("--name"), QStringLiteral("My case") }
        + script(up
            + QStringLiteral("test \"$FAULTLINE_CASE\" = 'My case'; "
                             "docker inspect --format '{{json .Config.Labels}}' $(docker ps -q "
                             "--filter label=faultline.run=$FAULTLINE_RUN)")));
    QVERIFY2(outcome.exitCode == 0, outcome.text().constData());
    for (const char *label :
        { "\"faultline.runner\":", "\"faultline.expires\":", "\"faultline.seed\":",
            "\"faultline.case\":\"My case\"", "\"faultline.stack\":\"my-case-" })
        QVERIFY2(outcome.out.contains(label), label);
    for (const char *name : { "case.yaml", "plan.json", "events.jsonl", "findings.json",
             "junit.xml", "ci.json", "logs/workload.log", "logs/worker-1.log" })
        QVERIFY2(!run.file(QString::fromLatin1(name)).isEmpty(), name);
    QCOMPARE(run.findings().value(QStringLiteral("verdict")).toString(), QStringLiteral("pass"));
    QCOMPARE(run.records(), QStringList());
    QCOMPARE(m_lab->leftovers(), QStringList());
}

void tst_script_run::aScriptFailsByItsExitCodeAndItsStackMayBeKept()
{
    DeclaredRun run(*m_lab);
    run.write({});
    const auto outcome
        = run.run(QStringList{ QStringLiteral("--keep-failed"), QStringLiteral("1h") }
            + script(up + QStringLiteral("exit 3")));
    QVERIFY2(outcome.exitCode == 1, outcome.text().constData());
    QCOMPARE(run.containers().size(), 1);
    const QJsonObject scene
        = QJsonDocument::fromJson(run.file(QStringLiteral("scene.json"))).object();
    const QString stack = scene.value(QStringLiteral("stack")).toString();
    QVERIFY2(stack.startsWith(QStringLiteral("sh-")), qPrintable(stack));
    QCOMPARE(run.records(), QStringList());
    QCOMPARE(m_lab->ctl({ QStringLiteral("rm"), stack, QStringLiteral("--wait") }).exitCode, 0);
    QCOMPARE(m_lab->leftovers(), QStringList());
}

void tst_script_run::aDeathThatTheScriptWantedIsNone()
{
    DeclaredRun run(*m_lab);
    run.write({});
    const auto outcome = run.run(script(up
        + QStringLiteral(
            "faultlinectl stop $FAULTLINE_STACK/$FAULTLINE_STACK-worker-1 --timeout 0 --wait; "
            "faultlinectl rm $FAULTLINE_STACK --wait")));
    QVERIFY2(outcome.exitCode == 0, outcome.text().constData());
    const auto deaths = run.events(QStringLiteral("container.death"));
    QVERIFY(!deaths.isEmpty());
    for (const QJsonObject &death : deaths)
        QVERIFY2(death.value(QStringLiteral("explained")).toBool(),
            QJsonDocument(death).toJson().constData());
    QCOMPARE(m_lab->leftovers(), QStringList());
}

void tst_script_run::aDeathThatNobodyWantedIsAFinding()
{
    DeclaredRun run(*m_lab);
    run.write({});
    const QString kill = up
        + QStringLiteral("docker kill $(docker ps -q --filter label=faultline.run=$FAULTLINE_RUN); "
                         "sleep 2");
    const auto outcome = run.run(script(kill));
    QVERIFY2(outcome.exitCode == 1, outcome.text().constData());
    const auto skipped = run.run(
        QStringList{ QStringLiteral("--skip"), QStringLiteral("containers.noneUnexpectedlyDead") }
        + script(kill));
    QVERIFY2(skipped.exitCode == 0, skipped.text().constData());
    QCOMPARE(m_lab->leftovers(), QStringList());
}

void tst_script_run::anInterruptedScriptLeavesNothing()
{
    DeclaredRun run(*m_lab);
    run.write({});
    const auto process = run.startUntil("it works",
        script(up + QStringLiteral("printf 'it %s\\n' works; sleep 621 & setsid sleep 622")));
    QVERIFY(process);
    QCOMPARE(run.containers().size(), 1);
    process->terminate();
    QVERIFY2(run.finish(*process) == 4, run.log().constData());
    QCOMPARE(processesWith(QStringLiteral("sleep 62[12]")), 0);
    QCOMPARE(run.records(), QStringList());
    QCOMPARE(m_lab->leftovers(), QStringList());
}

void tst_script_run::aScriptInterruptedTwiceLeavesNothing()
{
    DeclaredRun run(*m_lab);
    run.write({});
    // It does not listen: only the second signal ends it before its 30 s are over.
    const auto process = run.startUntil("it works",
        script(up
            + QStringLiteral(
                "trap '' TERM; printf 'it %s\\n' works; while true; do sleep 1; done")));
    QVERIFY(process);
    QElapsedTimer timer;
    timer.start();
    process->terminate();
    QVERIFY(QTest::qWaitFor(
        [&] { return run.file(QStringLiteral("events.jsonl")).contains("\"type\":\"abort\""); },
        30'000));
    process->terminate();
    QVERIFY2(run.finish(*process) == 4, run.log().constData());
    QVERIFY2(timer.elapsed() < 28'000, QByteArray::number(timer.elapsed()).constData());
    QCOMPARE(m_lab->leftovers(), QStringList());
}

void tst_script_run::whatIsNoCommandIsBadUsage()
{
    const QList<QStringList> wrong{ { QStringLiteral("run") },
        { QStringLiteral("run"), QStringLiteral("--") },
        { QStringLiteral("run"), QStringLiteral("a-case"), QStringLiteral("--"),
            QStringLiteral("true") },
        { QStringLiteral("run"), QStringLiteral("--skip"), QStringLiteral("nothing"),
            QStringLiteral("--"), QStringLiteral("true") },
        { QStringLiteral("run"), QStringLiteral("--dry-run"), QStringLiteral("--"),
            QStringLiteral("true") } };
    for (const QStringList &arguments : wrong)
        QCOMPARE(m_lab->ctl(arguments).exitCode, 64);
}

void tst_script_run::nothingIsLeftBehind()
{
    QVERIFY(m_lab->stop());
    const auto removed = m_lab->removeAll();
    QVERIFY2(removed.exitCode == 0, removed.text().constData());
    QCOMPARE(m_lab->leftovers(), QStringList());
}

QTEST_GUILESS_MAIN(tst_script_run)
#include "tst_script_run.moc"
