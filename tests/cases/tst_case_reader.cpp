// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/cases/schema/case_reader.h"
#include "tests/cases/case_text.h"

#include <QObject>
#include <QTest>

#include <algorithm>

using namespace faultline;
using namespace faultline::cases;
using namespace faultline::tests;

namespace {

QByteArray all(const Diagnostics &diagnostics)
{
    QByteArray out;
    for (const Diagnostic &diagnostic : diagnostics)
        out += QByteArray::fromStdString(diagnostic.text()) + '\n';
    return out;
}

const Diagnostic *find(const Diagnostics &diagnostics, const std::string &rule)
{
    const auto found = std::find_if(diagnostics.begin(), diagnostics.end(),
        [&](const Diagnostic &diagnostic) { return diagnostic.rule == rule; });
    return found == diagnostics.end() ? nullptr : &*found;
}

} // namespace

class TestCaseReader : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aWholeCaseIsReadWithoutComplaint()
    {
        const ReadCases read = readCases(goodCase(), "case.yaml");
        QVERIFY2(read.diagnostics.empty(), all(read.diagnostics).constData());
        QCOMPARE(read.cases.size(), std::size_t(1));
        const CaseFile &item = read.cases.front();
        QCOMPARE(item.metadata.name, std::string("leader-kill"));
        QCOMPARE(item.metadata.severity, Severity::Blocker);
        QCOMPARE(item.topology.roles.size(), std::size_t(2));
        QCOMPARE(item.topology.roles.front().scale, 3);
        QCOMPARE(item.probes.front().every, milliseconds(100));
        QCOMPARE(item.phases.size(), std::size_t(3));
        QVERIFY(item.phases.at(1).runsAllFaults);
        QVERIFY(item.phases.at(2).healsAll);
        QCOMPARE(item.faults.at(0).schedule.every, milliseconds(30'000));
        QCOMPARE(item.faults.at(1).schedule.duration, milliseconds(10'000));
        QCOMPARE(item.checks.front().arguments.at("maxOutage").scalar, std::string("5s"));
        QVERIFY(item.retention.at("fail").keep);
        QCOMPARE(item.retention.at("fail").ttl, milliseconds(86'400'000));
    }

    void parametersFillValuesBeforeTheyAreRead()
    {
        const ReadCases read
            = readCases(goodCase(), "case.yaml", { { "chaos", "2m" }, { "clients", "16" } });
        QVERIFY2(read.diagnostics.empty(), all(read.diagnostics).constData());
        QCOMPARE(read.cases.front().phases.at(1).duration, milliseconds(120'000));
        QCOMPARE(read.cases.front().workload.command, std::string("bench --clients 16"));
        QCOMPARE(read.cases.front().values.at("chaos"), std::string("2m"));
    }

    void statementsAndTheirLoginsAreRead()
    {
        const ReadCases read = readCases(changedCase("  ready:\n",
                                             "  prepare: [{sql: SELECT 1, where: \"etcd:3306/a\", "
                                             "user: u, password: \"env:P\"}]\n"
                                             "  ready:\n    - {kind: sql, target: \"etcd:3306/a\", "
                                             "user: u, password: \"file:p\", "
                                             "statement: SELECT 1, expect: \"\"}\n"),
            "case.yaml");
        QVERIFY2(read.diagnostics.empty(), all(read.diagnostics).constData());
        const Topology &topology = read.cases.front().topology;
        QCOMPARE(topology.prepare.front().where, std::string("etcd:3306/a"));
        QCOMPARE(topology.prepare.front().user, std::string("u"));
        QCOMPARE(topology.prepare.front().password, std::string("env:P"));
        const Probe &probe = topology.ready.front();
        QCOMPARE(probe.statement, std::string("SELECT 1"));
        QCOMPARE(probe.password, std::string("file:p"));
        QCOMPARE(probe.expect.value_or("any"), std::string()); // no rows, and not any rows
        QVERIFY(!topology.ready.back().expect);
    }

    void wrongParameterValuesAreErrors_data()
    {
        QTest::addColumn<QByteArray>("name");
        QTest::addColumn<QByteArray>("value");
        QTest::addColumn<QByteArray>("words");
        QTest::newRow("too small")
            << QByteArray("chaos") << QByteArray("5s") << QByteArray("at least 10s");
        QTest::newRow("too large")
            << QByteArray("clients") << QByteArray("65") << QByteArray("at most 64");
        QTest::newRow("no number")
            << QByteArray("clients") << QByteArray("many") << QByteArray("whole number");
        QTest::newRow("unknown") << QByteArray("client") << QByteArray("3")
                                 << QByteArray("did you mean \"clients\"?");
    }

    void wrongParameterValuesAreErrors()
    {
        QFETCH(QByteArray, name);
        QFETCH(QByteArray, value);
        QFETCH(QByteArray, words);
        const ReadCases read
            = readCases(goodCase(), "case.yaml", { { name.toStdString(), value.toStdString() } });
        QVERIFY(hasErrors(read.diagnostics));
        QVERIFY2(all(read.diagnostics).contains(words), all(read.diagnostics).constData());
    }

    void aParameterWithoutDefaultMustBeChosen()
    {
        const std::string text = changedCase("default: 4, ", "");
        QVERIFY(find(readCases(text, "c").diagnostics, "parameter-without-value") != nullptr);
        QVERIFY(readCases(text, "c", { { "clients", "4" } }).diagnostics.empty());
    }

    void aParameterThatIsNotDeclaredIsNamedWithItsPlace()
    {
        const ReadCases read
            = readCases(changedCase("${{ clients }}", "${{ clintes }}"), "case.yaml");
        const Diagnostic *found = find(read.diagnostics, "unknown-parameter");
        QVERIFY(found != nullptr);
        QCOMPARE(found->place.line, 22);
        QCOMPARE(found->hint, std::string("did you mean \"clients\"?"));
    }

    void aValueCantBringAnotherParameterIn()
    {
        const std::string text = changedCase("clients: {type: int, default: 4, min: 1, max: 64}",
            "clients: {type: string, default: \"${{ chaos }}\"}");
        const ReadCases read = readCases(text, "case.yaml");
        QCOMPARE(read.cases.front().workload.command, std::string("bench --clients ${{ chaos }}"));
    }

    void parametersCantFillACaseBeyondItsBound()
    {
        const std::string large(100'000, 'x');
        std::string text = "parameters: {a: {default: " + large + "}}\nmetadata:\n  labels:\n";
        for (int i = 0; i < 1'000; ++i)
            text += "    k" + std::to_string(i) + ": \"${{ a }}\"\n";
        QVERIFY(find(readCases(text, "c").diagnostics, "too-large") != nullptr);
    }

    void anUnknownKeyIsAnErrorWithPlaceAndTheNearestKey()
    {
        const ReadCases read
            = readCases(changedCase("timeout: 10m", "timout: 10m"), "dir/case.yaml");
        const Diagnostic *found = find(read.diagnostics, "unknown-key");
        QVERIFY(found != nullptr);
        QCOMPARE(found->text(),
            std::string("dir/case.yaml:30:1: error: the case has no key \"timout\" "
                        "(did you mean \"timeout\"?) [unknown-key]"));
    }

    void wrongValuesAreErrorsWithTheirPlace_data()
    {
        QTest::addColumn<QByteArray>("from");
        QTest::addColumn<QByteArray>("to");
        QTest::addColumn<QByteArray>("rule");
        QTest::addColumn<int>("line");
        const auto row = [](const char *name, const char *from, const char *to, const char *rule,
                             int line) {
            QTest::newRow(name) << QByteArray(from) << QByteArray(to) << QByteArray(rule) << line;
        };
        row("version", "faultline/v1", "faultline/v2", "unknown-value", 1);
        row("kind", "kind: Case", "kind: Suite", "unknown-value", 2);
        row("severity", "severity: blocker", "severity: huge", "unknown-value", 7);
        row("duration", "timeout: 10m", "timeout: ten minutes", "wrong-type", 30);
        row("no unit", "timeout: 10m", "timeout: 600", "wrong-type", 30);
        row("scale", "scale: 3", "scale: some", "wrong-type", 17);
        row("bare yes", "severity: blocker", "labels: {a: yes}", "yaml-boolean", 7);
        row("bare on as key", "severity: blocker", "on: 1", "yaml-boolean", 7);
        row("pick", "pick: minority", "pick: minorty", "unknown-value", 39);
        row("no owner", "  owner: {team: storage, person: ada}\n", "", "missing-key", 4);
        row("two ways", "scale: 3}", "scale: 3, version: {tag: a, branch: b}}", "ambiguous-version",
            17);
        row("fast probe", "every: 100ms", "every: 1ms", "probe-too-fast", 25);
        row("webhook", "retention:",
            "notify: [{events: [fail], slack: \"https://hooks\"}]\nretention:", "secret-in-file",
            46);
        row("seed", "timeout: 10m", "seed: -1\ntimeout: 10m", "wrong-type", 30);
    }

    void wrongValuesAreErrorsWithTheirPlace()
    {
        QFETCH(QByteArray, from);
        QFETCH(QByteArray, to);
        QFETCH(QByteArray, rule);
        QFETCH(int, line);
        const ReadCases read
            = readCases(changedCase(from.toStdString(), to.toStdString()), "case.yaml");
        const Diagnostic *found = find(read.diagnostics, rule.toStdString());
        QVERIFY2(found != nullptr, all(read.diagnostics).constData());
        QCOMPARE(found->place.line, line);
        QVERIFY(found->level == Diagnostic::Level::Error);
    }

    void severalDocumentsAreSeveralCases()
    {
        std::string text = goodCase();
        for (int i = 0; i < 2; ++i)
            text += "---\n" + changedCase("name: leader-kill", "name: other");
        const ReadCases read = readCases(text, "c");
        QVERIFY2(read.diagnostics.empty(), all(read.diagnostics).constData());
        QCOMPARE(read.cases.size(), std::size_t(3));
    }

    void whateverStandsInTheFileIsAnErrorAndNotACrash_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::newRow("nothing") << QByteArray();
        QTest::newRow("a list") << QByteArray("[1, 2]");
        QTest::newRow("a word") << QByteArray("hello");
        QTest::newRow("not YAML") << QByteArray("a: [");
        QTest::newRow("binary") << QByteArray("\x00\xff\x01\x7f", 4);
        QTest::newRow("wrong shapes") << QByteArray(
            "metadata: []\nparameters: 1\ntopology: x\nfaults: {}\nphases: 3\nchecks: [1]");
        QTest::newRow("deep") << QByteArray(2'000, '[');
    }

    void whateverStandsInTheFileIsAnErrorAndNotACrash()
    {
        QFETCH(QByteArray, text);
        QVERIFY(hasErrors(readCases(text.toStdString(), "c").diagnostics));
    }
};

QTEST_GUILESS_MAIN(TestCaseReader)
#include "tst_case_reader.moc"
