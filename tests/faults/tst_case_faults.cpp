// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/faults/chaos_lab.h"
#include "tests/runs/declared_run.h"

#include <QTest>

#include <csignal>

using namespace faultline::tests;

/// Faults of agents in declared cases: the real programs on real containers.
class tst_case_faults : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void aCaseInjectsAndUndoesByItsPlan();
    void anAbortUndoes();
    void aKilledRunnersFaultEndsWithItsLease();
    void aFailedCaseKeepsItsFaultWithItsScene();
    void whatIsWrittenWrongIsRefused();

private:
    [[nodiscard]] QStringList helpers(const char *more = nullptr) const;
    [[nodiscard]] QString residue(const QString &container) const;

    std::unique_ptr<LabProcess> m_lab;
};

namespace {

QByteArray caseWith(const char *duration, const char *rest = "")
{
    return QByteArray(R"(workload: {command: "sleep 60", mayBeFaulted: true}
phases: [{name: chaos, duration: )")
        + duration + R"(, faults: all}]
timeout: 5m
faults:
  - id: lose
    kind: network.loss
    target: {role: worker, pick: one}
    args: {percent: 50}
    schedule: {for: )"
        + duration + R"(}
    lease: 4s
checks: [{id: exitCode, skip: true}, {id: none, kind: log.pattern, with: {pattern: "never"}}]
)" + rest;
}

} // namespace

QStringList tst_case_faults::helpers(const char *more) const
{
    QStringList words{ QStringLiteral("ps"), QStringLiteral("-aq"), QStringLiteral("--filter"),
        QStringLiteral("label=faultline.fault"), QStringLiteral("--filter"),
        QStringLiteral("label=faultline.case=small-case") };
    if (more != nullptr)
        words += { QStringLiteral("--filter"), QString::fromLatin1(more) };
    return QString::fromUtf8(m_lab->docker(words).out).split(u'\n', Qt::SkipEmptyParts);
}

QString tst_case_faults::residue(const QString &container) const
{
    const auto seen = m_lab->docker({ QStringLiteral("run"), QStringLiteral("--rm"),
        QStringLiteral("--network=container:") + container, QStringLiteral("--cap-add=NET_ADMIN"),
        QStringLiteral("faultline/agent:1"), QStringLiteral("/usr/sbin/nft"),
        QStringLiteral("list"), QStringLiteral("tables") });
    return QString::fromUtf8(seen.text()).trimmed();
}

void tst_case_faults::initTestCase()
{
    if (const QString why = ChaosLab::whyNot(); !why.isEmpty())
        QSKIP(qPrintable(why));
    m_lab = std::make_unique<LabProcess>();
    QVERIFY2(m_lab->start(), qPrintable(m_lab->why()));
}

void tst_case_faults::aCaseInjectsAndUndoesByItsPlan()
{
    DeclaredRun run(*m_lab);
    run.write(caseWith("4s"));
    const auto done = run.run();
    QVERIFY2(done.exitCode == 0, done.text().constData());
    QCOMPARE(run.ledger(), QStringList{ QStringLiteral("lose: injecting inForce recovering out") });
    const auto events = run.events(QStringLiteral("fault"));
    const QJsonObject injected
        = events.at(1).value(QStringLiteral("injections")).toArray().first().toObject();
    QVERIFY(!injected.value(QStringLiteral("mechanism")).toString().isEmpty());
    QTRY_VERIFY_WITH_TIMEOUT(helpers().isEmpty(), 30'000);
}

void tst_case_faults::anAbortUndoes()
{
    DeclaredRun run(*m_lab);
    run.write(caseWith("60s"));
    const auto process = run.startUntil("inForce");
    QVERIFY(process);
    process->terminate();
    QCOMPARE(run.finish(*process), 4);
    QVERIFY2(run.ledger().first().endsWith(QStringLiteral("recovering out")),
        qPrintable(run.ledger().join(u'\n')));
    QTRY_VERIFY_WITH_TIMEOUT(helpers().isEmpty(), 30'000);
}

void tst_case_faults::aKilledRunnersFaultEndsWithItsLease()
{
    DeclaredRun run(*m_lab);
    run.write(caseWith("60s"));
    const auto process = run.startUntil("inForce");
    QVERIFY(process);
    const QStringList targets = run.containers();
    QVERIFY(!targets.isEmpty());
    process->kill();
    QVERIFY(process->waitForFinished(10'000));
    QTRY_VERIFY_WITH_TIMEOUT(helpers("status=running").isEmpty(), 4'000 + 15'000);
    for (const QString &container : run.containers()) {
        if (!helpers().contains(container))
            QVERIFY2(!residue(container).contains(QLatin1StringView("faultline")),
                qPrintable(residue(container)));
    }
    const auto reaped = run.ctl({ QStringLiteral("chaos"), QStringLiteral("reap") });
    QVERIFY2(reaped.exitCode == 0, reaped.text().constData());
    QTRY_VERIFY_WITH_TIMEOUT(helpers().isEmpty(), 30'000);
    const auto swept = run.ctl({ QStringLiteral("scene"), QStringLiteral("reap") });
    QVERIFY2(swept.exitCode == 0, swept.text().constData());
}

void tst_case_faults::aFailedCaseKeepsItsFaultWithItsScene()
{
    DeclaredRun run(*m_lab);
    run.write(R"(workload: {command: "sleep 4; exit 1", mayBeFaulted: true}
phases: [{name: chaos, duration: 30s, faults: all}]
timeout: 5m
faults:
  - id: lose
    kind: network.loss
    target: {role: worker, pick: one}
    args: {percent: 50}
    schedule: {for: 30s}
    lease: 4s
onFinding: {major: stopNow}
retention: {fail: {keep: true, ttl: 10m, faults: hold}}
)");
    const auto done = run.run();
    QVERIFY2(done.exitCode == 1, done.text().constData());
    QCOMPARE(helpers("status=running").size(), 1);
    const auto list = run.ctl({ QStringLiteral("chaos"), QStringLiteral("list") });
    QVERIFY2(list.out.contains("in force"), list.text().constData());
    const auto reaped = run.ctl({ QStringLiteral("chaos"), QStringLiteral("reap") });
    QVERIFY2(reaped.out.contains("nothing to reap"), reaped.text().constData()); // it is held
    const auto stopped
        = run.ctl({ QStringLiteral("chaos"), QStringLiteral("stop"), QStringLiteral("--all") });
    QVERIFY2(stopped.exitCode == 0, stopped.text().constData());
    QTRY_VERIFY_WITH_TIMEOUT(helpers().isEmpty(), 30'000);
}

void tst_case_faults::whatIsWrittenWrongIsRefused()
{
    DeclaredRun run(*m_lab);
    run.write(caseWith("4s").replace("percent: 50", "percent: 500"));
    const auto wrong = run.run();
    QCOMPARE(wrong.exitCode, 64);
    QVERIFY2(wrong.err.contains("a number from 0 to 100"), wrong.text().constData());
    run.write(caseWith("4s")
                  .replace("network.loss", "container.remove")
                  .replace("    args: {percent: 50}\n", ""));
    const auto other = run.run();
    QCOMPARE(other.exitCode, 64);
    QVERIFY2(other.err.contains("container.remove"), other.text().constData());
}

QTEST_GUILESS_MAIN(tst_case_faults)
#include "tst_case_faults.moc"
