// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/lab_rancher/lab_steps.h"
#include "tests/runs/own_engine.h"

#include <QTest>

#include <csignal>

#include <unistd.h>

using namespace steps;

namespace {

const QString compose = QStringLiteral(
    "worker: {image: IMAGE, command: [sh, -c, \"trap exit TERM; while true; do sleep 0.1; "
    "done\"]}\n"
    "idle: {image: IMAGE, command: [sh, -c, \"trap exit TERM; while true; do sleep 0.1; done\"]}\n"
    "once: {image: IMAGE, command: [sh, -c, \"echo done\"],\n"
    "       labels: {io.rancher.container.start_once: 'true'}}\n");

} // namespace

/// The Docker Engine goes away under a lab and comes back.
class LabEngineTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void cleanupTestCase();
    void anEngineThatStopsTakesTheHostWithIt();
    void afterItsRestartWhatShouldRunRuns();
    void anEngineThatIsKilledAndComesBackToo();
    void whatWasAskedForMeanwhileIsDone();
    void aLabThatStartsWithoutAnEngineFindsItLater();

private:
    LabProcess &lab() { return *m_lab; }
    QJsonObject container(const char *name)
    {
        return lab().named(QStringLiteral("containers"), QLatin1String(name));
    }
    QString state(const char *name) { return text(container(name), "state"); }
    QString hostState()
    {
        return text(lab().list(QStringLiteral("hosts")).at(0).toObject(), "state");
    }
    void stopIdle();
    void stopEngine();
    void verifyAllIsBack(const QString &workerId, int starts);

    std::unique_ptr<faultline::tests::OwnEngine> m_engine;
    std::unique_ptr<LabProcess> m_lab;
};

void LabEngineTest::initTestCase()
{
    const QString host
        = qEnvironmentVariable("FAULTLINE_DOCKER_HOST", qEnvironmentVariable("DOCKER_HOST"));
    if (host.isEmpty())
        QSKIP("needs a Docker Engine for its image: set FAULTLINE_DOCKER_HOST");
    if (geteuid() != 0)
        QSKIP("only root can start a Docker Engine of the test's own");
    m_engine = std::make_unique<faultline::tests::OwnEngine>();
    QVERIFY2(m_engine->start(), qPrintable(m_engine->why()));
    QVERIFY2(m_engine->copyImage(host, QStringLiteral("faultline/busybox:1")),
        qPrintable(m_engine->why()));
    m_lab = std::make_unique<LabProcess>(m_engine->host());
    QVERIFY(lab().start());
    QTRY_COMPARE_WITH_TIMEOUT(hostState(), QStringLiteral("active"), 30'000);
    QCOMPARE(create(lab(), "e-one", compose), QStringLiteral("active"));
    QTRY_COMPARE_WITH_TIMEOUT(state("e-one-once-1"), QStringLiteral("stopped"), 30'000);
    stopIdle();
}

void LabEngineTest::cleanupTestCase()
{
    if (m_lab) {
        lab().killHard();
        QVERIFY(lab().removeAll());
    }
    m_lab.reset();
    m_engine.reset();
}

void LabEngineTest::stopIdle()
{
    QCOMPARE(lab()
                 .ask("POST",
                     path("containers", container("e-one-idle-1")) + QStringLiteral("?action=stop"),
                     { { QStringLiteral("timeout"), 0 } })
                 .status,
        202);
    QTRY_COMPARE_WITH_TIMEOUT(state("e-one-idle-1"), QStringLiteral("stopped"), 30'000);
}

// It ends its containers first, and another one may not begin before.
void LabEngineTest::stopEngine()
{
    QVERIFY(m_engine->signal(SIGTERM));
    QTRY_VERIFY_WITH_TIMEOUT(!m_engine->signal(0), 60'000);
}

void LabEngineTest::verifyAllIsBack(const QString &workerId, int starts)
{
    QTRY_COMPARE_WITH_TIMEOUT(hostState(), QStringLiteral("active"), 60'000);
    QTRY_COMPARE_WITH_TIMEOUT(state("e-one-worker-1"), QStringLiteral("running"), 60'000);
    // The same container, started again: not a new one, and not one that only claims to run.
    QCOMPARE(text(container("e-one-worker-1"), "id"), workerId);
    QTRY_COMPARE_WITH_TIMEOUT(
        container("e-one-worker-1")[QStringLiteral("startCount")].toInt(), starts, 30'000);
    QCOMPARE(lab().docker({ QStringLiteral("inspect"), QStringLiteral("-f"),
                 QStringLiteral("{{.State.Running}}"),
                 text(container("e-one-worker-1"), "externalId") }),
        QStringLiteral("true"));
    // What was stopped on purpose, or has done its work, stays as it is.
    QCOMPARE(state("e-one-idle-1"), QStringLiteral("stopped"));
    QCOMPARE(state("e-one-once-1"), QStringLiteral("stopped"));
    QCOMPARE(container("e-one-once-1")[QStringLiteral("startCount")].toInt(), 1);
    QTRY_COMPARE_WITH_TIMEOUT(
        text(lab().named(QStringLiteral("services"), QStringLiteral("worker")), "state"),
        QStringLiteral("active"), 30'000);
    QTRY_COMPARE_WITH_TIMEOUT(
        text(lab().named(QStringLiteral("services"), QStringLiteral("worker")), "healthState"),
        QStringLiteral("healthy"), 30'000);
}

void LabEngineTest::anEngineThatStopsTakesTheHostWithIt()
{
    Watcher watcher(lab());
    QTRY_VERIFY_WITH_TIMEOUT(watcher.pings() > 0, 30'000);
    stopEngine();
    QTRY_VERIFY_WITH_TIMEOUT(hostState() != QStringLiteral("active"), 30'000);
    const QString down = hostState();
    QCOMPARE(down, QStringLiteral("reconnecting")); // "disconnected" comes after three minutes
    // The API goes on answering, and no container is lost or claimed to run.
    QCOMPARE(lab().list(QStringLiteral("containers")).size(), 3);
    QVERIFY2(
        state("e-one-worker-1") != QStringLiteral("error"), qPrintable(state("e-one-worker-1")));
    const QString host = text(lab().list(QStringLiteral("hosts")).at(0).toObject(), "name");
    QTRY_VERIFY_WITH_TIMEOUT(watcher.states(host).contains(down), 30'000);
}

void LabEngineTest::afterItsRestartWhatShouldRunRuns()
{
    const QString worker = text(container("e-one-worker-1"), "id");
    QVERIFY2(m_engine->start(), qPrintable(m_engine->why()));
    verifyAllIsBack(worker, 2);
}

void LabEngineTest::anEngineThatIsKilledAndComesBackToo()
{
    const QString worker = text(container("e-one-worker-1"), "id");
    QVERIFY(m_engine->signal(SIGKILL));
    QTRY_VERIFY_WITH_TIMEOUT(hostState() != QStringLiteral("active"), 30'000);
    QVERIFY2(m_engine->start(), qPrintable(m_engine->why()));
    // Docker 20.10 ends the containers that outlived it, before it answers.
    verifyAllIsBack(worker, 3);
}

void LabEngineTest::whatWasAskedForMeanwhileIsDone()
{
    QCOMPARE(create(lab(), "e-two", QStringLiteral("gone: {image: IMAGE, command: sleep 3600}")),
        QStringLiteral("active"));
    stopEngine();
    QTRY_VERIFY_WITH_TIMEOUT(hostState() != QStringLiteral("active"), 30'000);
    QCOMPARE(lab()
                 .ask("DELETE",
                     path("stacks", lab().named(QStringLiteral("stacks"), QStringLiteral("e-two"))))
                 .status,
        200);
    QCOMPARE(
        lab()
            .ask("POST", QStringLiteral("/v2-beta/projects/1a5/stacks"),
                stackOf("e-three", QStringLiteral("late: {image: IMAGE, command: sleep 3600}")))
            .status,
        201);
    QVERIFY2(m_engine->start(), qPrintable(m_engine->why()));
    QTRY_VERIFY_WITH_TIMEOUT(
        lab().named(QStringLiteral("stacks"), QStringLiteral("e-two")).isEmpty(), 60'000);
    QCOMPARE(waitFor(lab(), QStringLiteral("stacks"), QStringLiteral("e-three"), "active"),
        QStringLiteral("active"));
    QCOMPARE(lab().docker({ QStringLiteral("ps"), QStringLiteral("-aq"), QStringLiteral("--filter"),
                 QStringLiteral("name=e-two") }),
        QString());
    remove(lab(), "e-three");
}

void LabEngineTest::aLabThatStartsWithoutAnEngineFindsItLater()
{
    lab().killHard();
    stopEngine();
    QVERIFY(lab().start());
    QVERIFY(hostState() != QStringLiteral("active"));
    QVERIFY2(m_engine->start(), qPrintable(m_engine->why()));
    QTRY_COMPARE_WITH_TIMEOUT(hostState(), QStringLiteral("active"), 60'000);
    QTRY_COMPARE_WITH_TIMEOUT(state("e-one-worker-1"), QStringLiteral("running"), 60'000);
    QCOMPARE(state("e-one-idle-1"), QStringLiteral("stopped"));
}

QTEST_GUILESS_MAIN(LabEngineTest)
#include "tst_lab_engine.moc"
