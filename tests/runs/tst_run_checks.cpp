// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/cases/schema/case_reader.h"
#include "services/runs/probe_checks.h"
#include "services/runs/refusals.h"

#include <QTemporaryDir>
#include <QTest>

#include <csignal>
#include <fstream>

using namespace faultline;
using namespace faultline::runs;
using std::chrono::seconds;

class tst_run_checks : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void defaultsAreOnUntilReplacedOrSkipped();
    void aWorkloadsEndIsJudged();
    void anOutageIsMeasuredAgainstItsLimit();
    void latencyIsJudgedByItsQuantile();
    void recoveryCountsFromTheEndOfTheFault();
    void aProbeWithoutMeasurementsCannotPass();
    void logsAreSearched();
    void whatCannotBeDoneIsRefusedByName();
};

namespace {

cases::Check check(const std::string &kind, const std::map<std::string, std::string> &with = {})
{
    cases::Check out;
    out.kind = kind;
    for (const auto &[name, text] : with) {
        yaml::Value value;
        value.kind = yaml::Value::Kind::Scalar;
        value.scalar = text;
        out.arguments[name] = value;
    }
    return out;
}

/// Ten attempts a second for ten seconds; those due in [from, to) ms fail.
Measured measuredWithOutage(int from, int to)
{
    Measured out;
    ProbeSeries series;
    for (int i = 0; i < 100; ++i) {
        const int at = 100 * i;
        series.ended(i, { milliseconds(at), at < from || at >= to, i < 90 ? 2.0 : 50.0 });
    }
    series.close();
    out.series["put"] = series;
    out.probesStart = std::chrono::steady_clock::now();
    return out;
}

cases::CaseFile caseOf(const std::string &text)
{
    const cases::ReadCases read = cases::readCases(text, "case.yaml");
    return read.cases.empty() ? cases::CaseFile() : read.cases.front();
}

std::string anomalyOf(const std::optional<Finding> &finding)
{
    return finding ? std::string(nameOf(finding->kind)) + ' ' + finding->anomaly : "none";
}

} // namespace

void tst_run_checks::defaultsAreOnUntilReplacedOrSkipped()
{
    const auto kinds = [](const cases::CaseFile &caseFile) {
        std::string out;
        for (const cases::Check &item : effectiveChecks(caseFile))
            out += item.kind + ' ';
        return out;
    };
    cases::CaseFile caseFile;
    QCOMPARE(kinds(caseFile), std::string("containers.noneUnexpectedlyDead "));
    caseFile.workload.isPresent = true;
    QCOMPARE(kinds(caseFile), std::string("exitCode containers.noneUnexpectedlyDead "));
    caseFile.checks.push_back(check("exitCode", { { "expect", "3" } }));
    cases::Check skipped;
    skipped.id = "containers.noneUnexpectedlyDead";
    skipped.isSkipped = true;
    caseFile.checks.push_back(skipped);
    QCOMPARE(kinds(caseFile), std::string("exitCode "));
    QCOMPARE(argumentOf(effectiveChecks(caseFile).front(), "expect"), std::string("3"));
}

void tst_run_checks::aWorkloadsEndIsJudged()
{
    const cases::Check usual = check("exitCode");
    QCOMPARE(anomalyOf(checkExitCode(usual, { 0, 0 }, false, false)), std::string("none"));
    QCOMPARE(anomalyOf(checkExitCode(usual, { 1, 0 }, false, false)), std::string("anomaly "));
    QCOMPARE(anomalyOf(checkExitCode(usual, { 75, 0 }, false, false)), std::string("gaveUp "));
    QCOMPARE(
        anomalyOf(checkExitCode(usual, { 0, SIGSEGV }, false, false)), std::string("anomaly "));
    // SIGTERM counts as told only when it was.
    QCOMPARE(
        anomalyOf(checkExitCode(usual, { 0, SIGTERM }, false, false)), std::string("anomaly "));
    QCOMPARE(anomalyOf(checkExitCode(usual, { 0, SIGTERM }, true, false)), std::string("none"));
    QCOMPARE(anomalyOf(checkExitCode(usual, { 143, 0 }, true, false)), std::string("none"));
    QCOMPARE(anomalyOf(checkExitCode(usual, { 1, 0 }, true, false)), std::string("anomaly "));
    QCOMPARE(anomalyOf(checkExitCode(usual, { 0, SIGKILL }, true, true)), std::string("anomaly "));
    const cases::Check three = check("exitCode", { { "expect", "3" } });
    QCOMPARE(anomalyOf(checkExitCode(three, { 3, 0 }, false, false)), std::string("none"));
    QCOMPARE(anomalyOf(checkExitCode(three, { 0, 0 }, false, false)), std::string("anomaly "));
}

void tst_run_checks::anOutageIsMeasuredAgainstItsLimit()
{
    const Measured measured = measuredWithOutage(3'000, 5'000);
    const auto judge = [&](const std::string &name, const std::string &limit) {
        return anomalyOf(checkProbe(
            check("probe.availability", { { "probe", "put" }, { name, limit } }), measured));
    };
    QCOMPARE(judge("maxOutage", "2s"), std::string("none"));
    QCOMPARE(judge("maxOutage", "1900ms"), std::string("anomaly availability"));
    QCOMPARE(judge("atLeast", "80"), std::string("none"));
    QCOMPARE(judge("atLeast", "80.1%"), std::string("anomaly availability"));
    QCOMPARE(judge("atLeast", "most"), std::string("gaveUp availability"));
}

void tst_run_checks::latencyIsJudgedByItsQuantile()
{
    const Measured measured = measuredWithOutage(0, 0);
    const auto judge = [&](const std::string &quantile, const std::string &below) {
        return anomalyOf(
            checkProbe(check("probe.latency",
                           { { "probe", "put" }, { "quantile", quantile }, { "below", below } }),
                measured));
    };
    QCOMPARE(judge("0.5", "3ms"), std::string("none"));
    QCOMPARE(judge("0.99", "3ms"), std::string("anomaly performance"));
    QCOMPARE(judge("0.99", "60ms"), std::string("none"));
}

void tst_run_checks::recoveryCountsFromTheEndOfTheFault()
{
    Measured measured = measuredWithOutage(3'000, 5'000);
    const auto judge = [&](const std::string &within) {
        return anomalyOf(
            checkProbe(check("recovery", { { "probe", "put" }, { "within", within } }), measured));
    };
    QCOMPARE(judge("1ms"), std::string("none")); // no fault, nothing to recover from
    const auto at = [&](int ms) { return measured.probesStart + milliseconds(ms); };
    measured.faults = { { "kill", at(2'900), at(3'500) } };
    QCOMPARE(judge("2s"), std::string("none"));
    QCOMPARE(judge("1s"), std::string("anomaly recovery"));
    // The second fault came before the outage, so the outage is its.
    measured.faults = { { "kill", at(1'000), at(1'500) }, { "stop", at(2'900), at(4'900) } };
    QCOMPARE(judge("1500ms"), std::string("none"));
    measured.series["put"] = measuredWithOutage(3'000, 20'000).series["put"];
    QCOMPARE(judge("9s"), std::string("anomaly recovery"));
}

void tst_run_checks::aProbeWithoutMeasurementsCannotPass()
{
    Measured measured;
    QCOMPARE(
        anomalyOf(checkProbe(
            check("probe.availability", { { "probe", "put" }, { "maxOutage", "1s" } }), measured)),
        std::string("gaveUp availability"));
    measured.series["put"].close();
    QCOMPARE(anomalyOf(checkProbe(
                 check("recovery", { { "probe", "put" }, { "within", "1s" } }), measured)),
        std::string("gaveUp recovery"));
}

void tst_run_checks::logsAreSearched()
{
    const QTemporaryDir folder;
    Measured measured;
    for (const char *name : { "etcd", "proxy" }) {
        const std::string path = folder.path().toStdString() + '/' + name;
        std::ofstream(path) << "all is well\n" << name << " panic: too bad\n";
        measured.logs.push_back({ name, std::string(name) + "-1", path, true });
    }
    const std::map<std::string, std::string> services{ { "store", "etcd" } };
    const auto judge = [&](const std::map<std::string, std::string> &with) {
        return anomalyOf(checkLogs(check("log.pattern", with), measured, services));
    };
    QCOMPARE(judge({ { "pattern", "panic:" } }), std::string("anomaly "));
    QCOMPARE(judge({ { "pattern", "proxy panic" }, { "roles", "store" } }), std::string("none"));
    QCOMPARE(judge({ { "pattern", "well" }, { "expect", "present" } }), std::string("none"));
    QCOMPARE(
        judge({ { "pattern", "bad luck" }, { "expect", "present" } }), std::string("anomaly "));
    QCOMPARE(judge({ { "pattern", "x" }, { "roles", "nobody" } }), std::string("gaveUp "));
    measured.logs[1].isComplete = false;
    QCOMPARE(judge({ { "pattern", "absent" } }), std::string("gaveUp "));
    QCOMPARE(judge({ { "pattern", "panic:" } }), std::string("anomaly "));
}

void tst_run_checks::whatCannotBeDoneIsRefusedByName()
{
    const std::string able = R"(apiVersion: faultline/v1
kind: Case
metadata: {name: a, owner: {team: t}}
topology:
  compose: c.yml
  roles: {etcd: {service: etcd}}
workload: {command: "true"}
timeout: 10m
faults:
  - {id: kill, kind: container.kill, target: {role: etcd}, schedule: {at: [1s]}}
)";
    QVERIFY(refusals(caseOf(able)).empty());
    const auto refused = [&](const std::string &from, const std::string &to) {
        std::string text = able;
        text.replace(text.find(from), from.size(), to);
        const auto found = refusals(caseOf(text));
        return found.size() == 1 ? found.front().message : std::to_string(found.size());
    };
    const auto holds = [](const std::string &text, const char *word) {
        return text.find(word) != std::string::npos;
    };
    QCOMPARE(refused("container.kill", "container.pause"), std::string("0"));
    QVERIFY(holds(refused("container.kill", "container.remove"), "container.remove"));
    QCOMPARE(
        refused("{role: etcd}", "{role: etcd, pick: leader, leaderCommand: x}"), std::string("0"));
    QVERIFY(holds(refused("schedule:", "args: {signal: STOP}, schedule:"), "KILL"));
    QVERIFY(holds(refused("container.kill", "stack.scale"), "args.to"));
    QCOMPARE(refused("{command: \"true\"}", "{command: x, where: etcd}"), std::string("0"));
    QVERIFY(holds(
        refused("{command: \"true\"}", "{command: x, where: etcd, progress: p}"), "inside a role"));
    QVERIFY(holds(refused("{command: \"true\"}", "{command: x, progress: /tmp/p}"),
        "leads out of the bundle"));
    QCOMPARE(refused("{command: \"true\"}", "{command: x, metrics: \"(rate)\"}"), std::string("0"));
    QVERIFY(holds(
        refused("{command: \"true\"}", "{command: x, metrics: \"https://etcd/\"}"), "plain http"));
    QVERIFY(holds(
        refused("timeout:", "retention: {fail: {keep: true, ttl: 1h, workload: pause}}\ntimeout:"),
        "ends with the run"));
    QCOMPARE(refused("timeout:", "needs: {slots: 1}\ntimeout:"), std::string("0"));
    QCOMPARE(
        refused("timeout:", "probes: [{id: p, kind: exec, target: etcd, command: [a]}]\ntimeout:"),
        std::string("0"));
    QCOMPARE(refused("timeout:",
                 "probes: [{id: p, kind: sql, target: \"etcd:1\", statement: select 1}]\ntimeout:"),
        std::string("0"));
    QCOMPARE(refused("timeout:", "checks: [{kind: sql.invariant}]\ntimeout:"), std::string("0"));
    QCOMPARE(refused("timeout:", "checks: [{kind: probe.latency, when: during}]\ntimeout:"),
        std::string("0"));
    QVERIFY(
        holds(refused("timeout:", "checks: [{kind: history.linearizable, when: during}]\ntimeout:"),
            "when it is whole"));
    QCOMPARE(refused("timeout:", "notify: [{slack: x}]\ntimeout:"), std::string("0"));
    QVERIFY(
        holds(refused("timeout:", "notify: [{slack: \"https://hooks/x\"}]\ntimeout:"), "a secret"));
    QVERIFY(
        holds(refused("timeout:", "notify: [{slack: x, events: [dawn]}]\ntimeout:"), "\"dawn\""));
    QCOMPARE(refused("timeout:", "commitStatus: upstream\ntimeout:"), std::string("0"));
    QVERIFY(holds(refused("{command: \"true\"}", "{command: x, history: {path: ../h}}"),
        "leads out of the bundle"));
    QVERIFY(holds(refused("timeout: 10m",
                      "timeout: 10m\nchecks: [{kind: history.linearizable, with: {model: queue}}]"),
        "queue"));
    QVERIFY(holds(
        refused("timeout:", "retention: {aborted: {keep: true, ttl: 1h, faults: hold}}\ntimeout:"),
        "hold"));
}

QTEST_GUILESS_MAIN(tst_run_checks)
#include "tst_run_checks.moc"
