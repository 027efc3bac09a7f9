// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/runs/declared_run.h"
#include "tests/runs/own_engine.h"

#include <QElapsedTimer>
#include <QTest>

#include <csignal>

#include <unistd.h>

using namespace faultline;
using namespace faultline::tests;

/// The Docker Engine is killed under a run: that says nothing about the system under test.
class tst_engine_loss : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void anEngineThatIsGoneIsInfrastructureAndTheCleanupIsTriedAgain();
    void whatAnEngineEndsWithItselfIsNoAnomaly();
    void nothingIsLeftBehind();

private:
    OwnEngine m_engine;
    std::unique_ptr<LabProcess> m_lab;
};

namespace {

const QByteArray longRun = "workload: {command: \"exec sleep 600\"}\n"
                           "phases: [{name: work, duration: 100s}]\ntimeout: 5m\n";

bool hasEvent(const DeclaredRun &run, const char *type)
{
    return run.file(QStringLiteral("events.jsonl"))
        .contains(QByteArray("\"type\":\"") + type + '"');
}

} // namespace

void tst_engine_loss::initTestCase()
{
    const auto usual = LabProcess::dockerHost();
    if (!usual)
        QSKIP("no Docker Engine answers (FAULTLINE_DOCKER_HOST, DOCKER_HOST)");
    if (geteuid() != 0)
        QSKIP("only root can start a Docker Engine of the test's own");
    QVERIFY2(m_engine.start(), qPrintable(m_engine.why()));
    QVERIFY2(m_engine.copyImage(*usual, QStringLiteral("faultline/busybox:1")),
        qPrintable(m_engine.why()));
    m_lab = std::make_unique<LabProcess>(m_engine.host());
    QVERIFY2(m_lab->start(), qPrintable(m_lab->why()));
}

void tst_engine_loss::anEngineThatIsGoneIsInfrastructureAndTheCleanupIsTriedAgain()
{
    DeclaredRun run(*m_lab);
    run.write(longRun);
    const auto process = run.startUntil("phase work");
    QVERIFY(process);
    QElapsedTimer timer;
    timer.start();
    QVERIFY(m_engine.signal(SIGKILL));
    QVERIFY(QTest::qWaitFor([&] { return hasEvent(run, "infrastructure"); }, 60'000));
    qInfo("noticed after %.1f s", double(timer.elapsed()) / 1'000);
    QVERIFY2(m_engine.start(), qPrintable(m_engine.why()));
    QVERIFY2(run.finish(*process) == 3, run.log().constData());
    QCOMPARE(run.events(QStringLiteral("stack.gone")).size(), 1);
    QCOMPARE(run.records(), QStringList());
    QCOMPARE(m_lab->leftovers(), QStringList());
}

void tst_engine_loss::whatAnEngineEndsWithItselfIsNoAnomaly()
{
    DeclaredRun run(*m_lab);
    run.write(longRun);
    const auto process = run.startUntil("phase work");
    QVERIFY(process);
    QVERIFY(m_engine.signal(SIGTERM));
    const bool isNoticed = QTest::qWaitFor([&] { return hasEvent(run, "infrastructure"); }, 60'000);
    QVERIFY2(isNoticed, run.file(QStringLiteral("events.jsonl")).constData());
    QVERIFY(hasEvent(run, "container.death"));
    QVERIFY2(m_engine.start(), qPrintable(m_engine.why()));
    QVERIFY2(run.finish(*process) == 3, run.log().constData());
    QCOMPARE(m_lab->leftovers(), QStringList());
}

void tst_engine_loss::nothingIsLeftBehind()
{
    QVERIFY(m_lab->stop());
    const auto removed = m_lab->removeAll();
    QVERIFY2(removed.exitCode == 0, removed.text().constData());
    QCOMPARE(m_lab->leftovers(), QStringList());
}

QTEST_GUILESS_MAIN(tst_engine_loss)
#include "tst_engine_loss.moc"
