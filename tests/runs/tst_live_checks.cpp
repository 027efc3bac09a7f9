// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/runs/probe_checks.h"
#include "tests/runs/declared_run.h"

#include <QTest>

using namespace faultline;
using namespace faultline::runs;
using namespace faultline::tests;

/// Checks with `when: during`: what they see while a run goes on, and that they tell it then.
class tst_live_checks : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aQuantileIsThatOfTheLastWindow();
    void anOutageThatGoesOnIsJudgedWhenItsTimeIsOver();
    void anomaliesAreToldWhenTheyHappen();
    void aFindingStopsTheRun();
    void whatHoldsAllAlongPasses();
    void whatCanOnlyBeJudgedAtTheEndIsRefused();

private:
    [[nodiscard]] LabProcess &lab();

    std::unique_ptr<LabProcess> m_lab;
};

namespace {

using Steady = std::chrono::steady_clock;

cases::Check probeCheck(const std::string &kind, const std::map<std::string, std::string> &with)
{
    cases::Check out;
    out.kind = kind;
    out.when = cases::Check::When::During;
    const auto put = [&out](const std::string &name, const std::string &text) {
        yaml::Value scalar;
        scalar.kind = yaml::Value::Kind::Scalar;
        scalar.scalar = text;
        out.arguments[name] = scalar;
    };
    for (const auto &[name, value] : with)
        put(name, value);
    put("probe", "put");
    return out;
}

/// Ten attempts a second from `second` on, for one second.
void measureSecond(ProbeSeries &series, int second, double latency)
{
    for (int i = 0; i < 10; ++i)
        series.ended(second * 10 + i, { milliseconds(second * 1'000 + i * 100), true, latency });
}

} // namespace

LabProcess &tst_live_checks::lab()
{
    if (!m_lab) {
        m_lab = std::make_unique<LabProcess>();
        if (!m_lab->start())
            qWarning("%s", qPrintable(m_lab->why()));
    }
    return *m_lab;
}

void tst_live_checks::aQuantileIsThatOfTheLastWindow()
{
    const auto with = std::map<std::string, std::string>{ { "quantile", "0.9" },
        { "below", "50ms" }, { "window", "5s" } };
    ProbeWatch watch(probeCheck("probe.latency", with));
    const auto start = Steady::now();
    ProbeSeries series;
    int second = 0;
    const auto look = [&](double latency) {
        measureSecond(series, second++, latency);
        return watch.look(series, start, {}, start + std::chrono::seconds(second));
    };
    // A slow beginning is not judged before the window is full.
    for (int i = 0; i < 4; ++i)
        QVERIFY(!look(i == 0 ? 200 : 2));
    for (int i = 0; i < 60; ++i)
        QVERIFY(!look(2));
    // One slow second of five is 20 %: above the tenth that the quantile leaves out.
    const auto found = look(200);
    QVERIFY(found.has_value());
    QCOMPARE(found->kind, Finding::Kind::Anomaly);
    QVERIFY2(found->message.find("in the last 5s") != std::string::npos, found->message.c_str());
    // Of the whole run it is less than 2 %: judged at its end alone nobody would have seen it.
    Measured measured;
    measured.series["put"] = series;
    QVERIFY(!checkProbe(probeCheck("probe.latency", with), measured));
}

void tst_live_checks::anOutageThatGoesOnIsJudgedWhenItsTimeIsOver()
{
    ProbeWatch watch(probeCheck("recovery", { { "within", "3s" } }));
    const auto start = Steady::now();
    const auto at = [&](int ms) { return start + milliseconds(ms); };
    ProbeSeries series;
    measureSecond(series, 0, 2);
    for (int i = 10; i < 20; ++i)
        series.ended(i, { milliseconds(i * 100), false, 0 });
    const std::vector<FaultSpan> faults{ { "kill", at(900), at(1'500) } };
    QVERIFY(!watch.look(series, start, faults, at(2'000)));
    QVERIFY(!watch.look(series, start, faults, at(4'400)));
    QVERIFY(watch.look(series, start, faults, at(4'600)).has_value());
}

void tst_live_checks::anomaliesAreToldWhenTheyHappen()
{
    if (!LabProcess::dockerHost())
        QSKIP("no Docker Engine answers (FAULTLINE_DOCKER_HOST, DOCKER_HOST)");
    DeclaredRun run(lab());
    run.write(R"(workload: {command: "sleep 2; touch broken; exec sleep 60"}
probes: [{id: never, kind: exec, target: runner, command: [/bin/false], every: 100ms}]
phases: [{name: work, duration: 12s}]
checks:
  - {id: log-live, kind: log.pattern, when: during, with: {pattern: "PANIC"}}
  - {id: log-final, kind: log.pattern, with: {pattern: "PANIC"}}
  - {id: outage, kind: probe.availability, when: during, with: {probe: never, maxOutage: 1s}}
  - {id: holds, kind: exec.invariant, when: during, with: {command: "test ! -e broken", every: 300ms}}
timeout: 5m
)",
        "faultline/busybox:1",
        "sleep 3; echo PANIC: the disk is gone; while true; do sleep 0.2; done");
    const auto outcome = run.run();
    QVERIFY2(outcome.exitCode == 1, outcome.text().constData());
    QStringList live;
    QStringList later;
    bool isOver = false;
    for (const QJsonObject &event : run.events({})) {
        const QString type = event.value(QStringLiteral("type")).toString();
        isOver = isOver || type == QStringLiteral("phase.end");
        if (type == QStringLiteral("finding"))
            (isOver ? later : live) += event.value(QStringLiteral("check")).toString();
    }
    live.sort();
    QCOMPARE(live,
        QStringList(
            { QStringLiteral("holds"), QStringLiteral("log-live"), QStringLiteral("outage") }));
    // The same pattern with `when: final` is found after the last phase only.
    QCOMPARE(later, QStringList({ QStringLiteral("log-final") }));
    QVERIFY2(run.findingTexts().join(u'\n').contains(QStringLiteral("PANIC: the disk is gone")),
        qPrintable(run.findingTexts().join(u'\n')));
}

void tst_live_checks::aFindingStopsTheRun()
{
    if (!LabProcess::dockerHost())
        QSKIP("no Docker Engine answers (FAULTLINE_DOCKER_HOST, DOCKER_HOST)");
    DeclaredRun run(lab());
    run.write(R"(workload: {command: "exec sleep 600"}
phases: [{name: work, duration: 3m}]
checks: [{id: log, kind: log.pattern, when: during, with: {pattern: "PANIC", roles: [worker]}}]
onFinding: {major: stopNow}
timeout: 5m
)",
        "faultline/busybox:1", "sleep 2; echo PANIC; while true; do sleep 0.2; done");
    QElapsedTimer timer;
    timer.start();
    const auto outcome = run.run();
    QVERIFY2(outcome.exitCode == 1, outcome.text().constData());
    QVERIFY2(timer.elapsed() < 120'000, outcome.text().constData()); // the phase alone takes 180 s
    QCOMPARE(run.containers(), QStringList());
}

void tst_live_checks::whatHoldsAllAlongPasses()
{
    if (!LabProcess::dockerHost())
        QSKIP("no Docker Engine answers (FAULTLINE_DOCKER_HOST, DOCKER_HOST)");
    DeclaredRun run(lab());
    run.write(R"(workload: {command: "exec sleep 60"}
probes: [{id: always, kind: exec, target: runner, command: [/bin/true], every: 200ms, timeout: 20s}]
phases: [{name: work, duration: 4s}]
checks:
  - {id: log, kind: log.pattern, when: during, with: {pattern: "PANIC"}}
  - {id: outage, kind: probe.availability, when: during, with: {probe: always, maxOutage: 30s}}
  - {id: quick, kind: probe.latency, when: during, with: {probe: always, quantile: "0.5", below: 20s, window: 1s}}
  - {id: holds, kind: exec.invariant, when: during, with: {command: [/bin/echo, "4 2"], expect: "4 2", every: 300ms, where: worker}}
timeout: 5m
)");
    const auto outcome = run.run();
    QVERIFY2(outcome.exitCode == 0, outcome.text().constData());
    QStringList passed;
    for (const QJsonObject &event : run.events(QStringLiteral("check"))) {
        if (event.value(QStringLiteral("passed")).toBool())
            passed += event.value(QStringLiteral("check")).toString();
    }
    for (const char *id : { "log", "outage", "quick", "holds" })
        QVERIFY2(passed.contains(QString::fromLatin1(id)), id);
}

void tst_live_checks::whatCanOnlyBeJudgedAtTheEndIsRefused()
{
    if (!LabProcess::dockerHost())
        QSKIP("no Docker Engine answers (FAULTLINE_DOCKER_HOST, DOCKER_HOST)");
    DeclaredRun run(lab());
    run.write(R"(workload: {command: "true"}
checks:
  - {id: log, kind: log.pattern, when: during, with: {pattern: "ready", expect: present}}
timeout: 5m
)");
    const auto early = run.run();
    QCOMPARE(early.exitCode, 64);
    QVERIFY2(early.text().contains("can only be judged at the end"), early.text().constData());
    run.write(R"(workload: {command: "true"}
checks:
  - {id: late, kind: exec.invariant, with: {command: "true", every: 1s}}
timeout: 5m
)");
    const auto outcome = run.run();
    QCOMPARE(outcome.exitCode, 64);
    QVERIFY2(outcome.text().contains("with.every is for when: during"), outcome.text().constData());
}

QTEST_GUILESS_MAIN(tst_live_checks)
#include "tst_live_checks.moc"
