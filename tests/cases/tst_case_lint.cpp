// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/cases/lint/lint.h"
#include "services/cases/schema/case_reader.h"
#include "tests/cases/case_text.h"

#include <QObject>
#include <QTest>

#include <algorithm>

using namespace faultline;
using namespace faultline::cases;
using namespace faultline::tests;

namespace {

Diagnostics lintOf(const std::string &text, const LintSurroundings &surroundings = {})
{
    ReadCases read = readCases(text, "case.yaml");
    for (const CaseFile &item : read.cases) {
        const Diagnostics found = lint(item, surroundings);
        read.diagnostics.insert(read.diagnostics.end(), found.begin(), found.end());
    }
    return read.diagnostics;
}

QByteArray all(const Diagnostics &diagnostics)
{
    QByteArray out;
    for (const Diagnostic &diagnostic : diagnostics)
        out += QByteArray::fromStdString(diagnostic.text()) + '\n';
    return out;
}

} // namespace

class TestCaseLint : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aSoundCaseHasNoFindings()
    {
        const Diagnostics found = lintOf(goodCase(), { "2026-11-23", {} });
        QVERIFY2(found.empty(), all(found).constData());
    }

    void eachMistakeIsFound_data()
    {
        QTest::addColumn<QByteArray>("from");
        QTest::addColumn<QByteArray>("to");
        QTest::addColumn<QByteArray>("rule");
        QTest::addColumn<int>("line"); // 0 = not looked at
        const auto row = [](const char *name, const char *from, const char *to, const char *rule,
                             int line = 0) {
            QTest::newRow(name) << QByteArray(from) << QByteArray(to) << QByteArray(rule) << line;
        };
        row("phases longer than the timeout", "timeout: 10m", "timeout: 80s",
            "phases-exceed-timeout", 30);
        row("a lasting fault without an end", "{poisson: 40s, for: 10s}", "{poisson: 40s}",
            "fault-without-end", 37);
        row("a lasting fault without a lease", "args: {delay: 100ms}",
            "args: {delay: 100ms}\n    lease: 0s", "fault-without-end", 37);
        row("minority of two", "scale: 3", "scale: 2", "target-unsatisfiable", 37);
        row("seven of three", "pick: minority", "pick: n, count: 7", "target-unsatisfiable", 37);
        row("n without a count", "pick: minority", "pick: n", "target-unsatisfiable", 37);
        row("a leader without a command", ", leaderCommand: \"helpers/leader\"", "",
            "target-unsatisfiable", 32);
        row("a partition of a role from itself",
            "kind: network.delay\n    target: {role: etcd, pick: minority}\n    args: {delay: "
            "100ms}",
            "kind: network.partition\n    target: {role: etcd, pick: all}\n    args: {from: etcd}",
            "self-partition", 37);
        row("no final check",
            "checks:\n  - id: writes-go-on\n    kind: probe.availability\n    with: {probe: put, "
            "maxOutage: 5s}\n",
            "checks: [{id: exitCode, skip: true}]\n", "no-final-check", 1);
        row("an unprotected workload", "where: runner", "where: etcd", "workload-unprotected", 32);
        row("keep without ttl", "ttl: 24h, extendMax: 72h, warnBefore: 2h", "extendMax: 72h",
            "keep-without-ttl", 47);
        row("keep without owner", "team: storage, ", "", "keep-without-owner", 47);
        row("a known issue without expiry", ", until: 2030-01-01", "", "known-issue-without-expiry",
            9);
        row("a known issue that ended", "2030-01-01", "2020-01-01", "known-issue-expired", 9);
        row("a date that is none", "2030-01-01", "next week", "wrong-type", 9);
        row("a bad pattern", "context deadline", "(", "bad-pattern", 9);
        row("a name with capitals", "name: leader-kill", "name: LeaderKill", "case-name", 4);
        row("two faults of one id", "id: slow-net", "id: kill-leader", "duplicate-id", 37);
        row("an unknown fault kind", "process.kill", "proces.kill", "unknown-kind", 32);
        row("an unknown argument", "{signal: KILL}", "{signals: KILL}", "unknown-argument", 32);
        row("an argument without its unit", "args: {delay: 100ms}", "args: {delay: 100}",
            "wrong-argument", 37);
        row("an argument that is needed", "args: {delay: 100ms}", "args: {jitter: 10ms}",
            "missing-argument", 37);
        row("an unknown role", "{role: etcd, pick: minority}", "{role: etdc, pick: minority}",
            "unknown-role", 37);
        row("an unknown probe", "probe: put,", "probe: get,", "unknown-probe", 45);
        row("a check without what it needs", "probe: put, ", "", "missing-argument", 43);
        row("a check's bad duration", "maxOutage: 5s", "maxOutage: soon", "wrong-type", 45);
        row("a phase with an unknown fault", "faults: all", "faults: [kill-leder]", "unknown-fault",
            28);
        row("a fault that nobody runs", "faults: all", "faults: [kill-leader]", "unused-fault", 37);
        row("a phase without a duration", "{name: warmup, duration: 10s}", "{name: warmup}",
            "phase-without-duration", 27);
        row("no phase to heal", "healAll: true", "faults: all", "no-heal-phase", 29);
        row("jitter above the gap", "jitter: 5s", "jitter: 40s", "jitter-too-large", 32);
        row("two schedules", "{poisson: 40s,", "{poisson: 40s, every: 60s,", "ambiguous-schedule",
            37);
        row("an instant that lasts", "{every: 30s,", "{every: 30s, for: 5s,",
            "instant-with-duration", 32);
        row("a command without undo", "kind: process.kill", "kind: command", "fault-without-undo",
            32);
        row("a tcp probe without a port", "target: \"etcd:2379\"", "target: etcd",
            "probe-without-port", 20);
        row("a conflict with nobody", "args: {delay: 100ms}",
            "args: {delay: 100ms}\n    conflictsWith: [kill]", "unknown-fault", 37);
        row("an anomaly of no kind", "kind: probe.availability",
            "kind: probe.availability\n    anomaly: bad", "unknown-anomaly", 43);
        row("linearizability without a history",
            "kind: probe.availability\n    with: {probe: put, maxOutage: 5s}",
            "kind: history.linearizable", "no-history", 43);
        const char *availability
            = "kind: probe.availability\n    with: {probe: put, maxOutage: 5s}";
        row("an invariant without a server", availability,
            "kind: sql.invariant\n    with: {target: etcd, statement: SELECT 1, expect: 1}",
            "sql-without-server", 45);
        row("an invariant at the end with a rate", availability,
            "kind: sql.invariant\n    with: {target: \"etcd:3306\", statement: SELECT 1, expect: "
            "1, "
            "every: 1s}",
            "unused-argument", 45);
        row("an invariant of an unknown role", availability,
            "kind: sql.invariant\n    with: {target: [\"etcd:3306\", \"etdc:3306\"], statement: "
            "SELECT 1, expect: 1}",
            "unknown-role", 45);
        row("an invariant that holds a password", availability,
            "kind: sql.invariant\n    with: {target: \"etcd:3306\", statement: SELECT 1, expect: "
            "1, "
            "password: hunter2}",
            "secret-in-file", 45);
        row("an invariant that expects nothing", availability,
            "kind: sql.invariant\n    with: {target: \"etcd:3306\", statement: SELECT 1}",
            "missing-argument", 43);
        row("a probe that holds a password", "kind: tcp, target: \"etcd:2379\"",
            "kind: sql, target: \"etcd:3306\", statement: SELECT 1, password: hunter2",
            "secret-in-file", 20);
        row("an sql probe without a statement", "kind: tcp, target: \"etcd:2379\"",
            "kind: sql, target: \"etcd:3306\"", "missing-key", 20);
        row("a login of a tcp probe", "target: \"etcd:2379\"", "target: \"etcd:2379\", user: root",
            "not-for-this-kind", 20);
        row("a statement for the runner", "  ready:\n", "  prepare: [{sql: SELECT 1}]\n  ready:\n",
            "sql-without-server", 19);
    }

    void eachMistakeIsFound()
    {
        QFETCH(QByteArray, from);
        QFETCH(QByteArray, to);
        QFETCH(QByteArray, rule);
        QFETCH(int, line);
        const Diagnostics found
            = lintOf(changedCase(from.toStdString(), to.toStdString()), { "2026-11-23", {} });
        const auto match = std::find_if(found.begin(), found.end(),
            [&](const Diagnostic &item) { return item.rule == rule.toStdString(); });
        QVERIFY2(match != found.end(), all(found).constData());
        QCOMPARE(match->place.line, line);
        QVERIFY2(!all(found).contains("hunter2"), all(found).constData());
    }

    void theComposeFilesScaleCountsWhenTheCaseSaysNone()
    {
        const std::string text = changedCase("service: etcd, scale: 3", "service: etcd");
        QVERIFY(lintOf(text, { {}, { { "etcd", 3 } } }).empty());
        QCOMPARE(lintOf(text, { {}, { { "etcd", 2 } } }).front().rule,
            std::string("target-unsatisfiable"));
        QVERIFY(lintOf(text).empty());
    }

    void aProtectedRoleOrAWordOfConsentSatisfiesTheProtectionRule()
    {
        const std::string where = "where: etcd\n  mayBeFaulted: true";
        const Diagnostics said = lintOf(changedCase("where: runner", where));
        QVERIFY2(said.empty(), all(said).constData());
    }

    void aThousandCasesAreReadAndLinted()
    {
        std::string text;
        for (int i = 0; i < 1'000; ++i)
            text += "---\n" + goodCase();
        const ReadCases read = readCases(text, "c");
        QVERIFY2(read.diagnostics.empty(), all(read.diagnostics).constData());
        QCOMPARE(read.cases.size(), std::size_t(1'000));
        for (const CaseFile &item : read.cases)
            QVERIFY(lint(item).empty());
    }
};

QTEST_GUILESS_MAIN(TestCaseLint)
#include "tst_case_lint.moc"
