// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/runs/declared_run.h"

#include <QDateTime>
#include <QFile>
#include <QTest>

using namespace faultline;
using namespace faultline::tests;

/// The clock of the runner's machine is set while a run goes on (R20): by libfaketime, whose file
/// says by how much. The steady clock stays as it is, as it does when a clock is really set.
class tst_clock_jump : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void aRunGoesOnWhenItsClockIsSet_data();
    void aRunGoesOnWhenItsClockIsSet();

private:
    static void setClock(const QString &file, const QByteArray &offset);

    std::unique_ptr<LabProcess> m_lab;
    const QString m_library
        = QStringLiteral("/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1");
};

void tst_clock_jump::initTestCase()
{
    if (!LabProcess::dockerHost())
        QSKIP("no Docker Engine answers (FAULTLINE_DOCKER_HOST, DOCKER_HOST)");
    if (!QFile::exists(m_library))
        QSKIP("libfaketime is not installed (scripts/dependencies)");
#ifdef __SANITIZE_ADDRESS__
    QSKIP(
        "the address sanitizer's runtime must come first, so that no library can be put before it");
#endif
    m_lab = std::make_unique<LabProcess>();
    QVERIFY2(m_lab->start(), qPrintable(m_lab->why()));
}

void tst_clock_jump::setClock(const QString &file, const QByteArray &offset)
{
    QFile next(file + QStringLiteral(".new"));
    QVERIFY(next.open(QIODevice::WriteOnly));
    next.write(offset + '\n');
    next.close();
    QCOMPARE(::rename(QFile::encodeName(next.fileName()), QFile::encodeName(file)), 0);
}

void tst_clock_jump::aRunGoesOnWhenItsClockIsSet_data()
{
    QTest::addColumn<QByteArray>("offset");
    QTest::addColumn<qint64>("seconds");
    QTest::newRow("an hour back") << QByteArray("-3600") << qint64(-3'600);
    QTest::newRow("an hour on") << QByteArray("+3600") << qint64(3'600);
}

void tst_clock_jump::aRunGoesOnWhenItsClockIsSet()
{
    QFETCH(const QByteArray, offset);
    QFETCH(const qint64, seconds);
    DeclaredRun run(*m_lab);
    run.write(R"(workload: {command: "exec sleep 600"}
probes: [{id: always, kind: exec, target: runner, command: [/bin/true], every: 200ms, timeout: 20s}]
phases: [{name: work, duration: 8s, faults: all}]
faults: [{id: stop, kind: container.stop, target: {role: worker}, schedule: {at: [3s], for: 2s}}]
checks:
  - {id: answers, kind: probe.availability, with: {probe: always, maxOutage: 5s}}
  - {id: quick, kind: probe.latency, with: {probe: always, quantile: "1", below: 60s}}
timeout: 3m
)");
    const QString file = run.folder() + QStringLiteral("/clock");
    setClock(file, "+0");
    run.set(QStringLiteral("LD_PRELOAD"), m_library);
    run.set(QStringLiteral("FAKETIME_TIMESTAMP_FILE"), file);
    run.set(QStringLiteral("FAKETIME_NO_CACHE"), QStringLiteral("1"));
    run.set(QStringLiteral("FAKETIME_DONT_FAKE_MONOTONIC"), QStringLiteral("1"));
    const auto process = run.startUntil("\"type\":\"phase.begin\"");
    QVERIFY2(process, run.log().constData());
    setClock(file, offset);
    const int exitCode = run.finish(*process);
    QVERIFY2(exitCode == 0, run.log().constData());

    qint64 largestJump = 0;
    std::optional<QDateTime> before;
    double last = 0;
    for (const QJsonObject &event : run.events({})) {
        const QDateTime at
            = QDateTime::fromString(event.value(QStringLiteral("t")).toString(), Qt::ISODateWithMs);
        if (before && std::abs(before->secsTo(at)) > std::abs(largestJump))
            largestJump = before->secsTo(at);
        before = at;
        const double mono = event.value(QStringLiteral("mono")).toDouble();
        QVERIFY(mono >= last);
        last = mono;
    }
    // Negative control: the run's clock was really set.
    QVERIFY2(std::abs(largestJump - seconds) < 60, QByteArray::number(largestJump).constData());
    const double took = run.findings().value(QStringLiteral("seconds")).toDouble();
    QVERIFY2(took > 7 && took < 170, QByteArray::number(took).constData());
    QCOMPARE(
        run.ledger(), QStringList({ QStringLiteral("stop: injecting inForce recovering out") }));
    QVERIFY(!run.file(QStringLiteral("series/always.csv")).contains('-'));
    QCOMPARE(run.containers(), QStringList());
}

QTEST_GUILESS_MAIN(tst_clock_jump)
#include "tst_clock_jump.moc"
