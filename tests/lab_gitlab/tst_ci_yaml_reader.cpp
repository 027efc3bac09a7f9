// SPDX-License-Identifier: GPL-3.0-or-later
#include <QTest>

#include "services/lab/gitlab/ci_yaml_reader.h"

using namespace faultline::lab;

class TestCiYamlReader : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void jobsTakeOverDefaultsAndWhatTheyExtend();
    void mergeKeysAndReferencesAreWorkedIn();
    void aMatrixIsTheProductOfItsLists();
    void everyMistakeNamesLineAndKey_data();
    void everyMistakeNamesLineAndKey();
    void aliasBombsAreRefused();
    void deepNestingIsRefused();
    void durationsAreReadAsGitLabWritesThem();
};

void TestCiYamlReader::jobsTakeOverDefaultsAndWhatTheyExtend()
{
    const auto config = readCiConfig(R"(
stages: [one, two]
default:
  before_script: [echo before]
  timeout: 2h
variables: {A: 1, B: {value: b, description: words}}
.base:
  stage: two
  variables: {X: base, Y: base}
  script: [echo base]
soak:
  extends: .base
  variables: {Y: own}
  artifacts: {paths: [out/], when: always, expire_in: 1 week, reports: {junit: junit.xml}}
  retry: {max: 1, when: runner_system_failure}
  needs: [{job: first, artifacts: false}]
first:
  stage: one
  before_script: []
  script: run
)");
    QVERIFY2(config, config ? "" : config.error().text().c_str());
    QCOMPARE(config->stages, (std::vector<std::string>{ ".pre", "one", "two", ".post" }));
    QCOMPARE(config->variables, (Variables{ { "A", "1" }, { "B", "b" } }));
    QCOMPARE(config->jobs.size(), 2U);
    const CiJob &soak = config->jobs[0];
    QCOMPARE(soak.stage, std::string("two"));
    QCOMPARE(soak.script, std::vector<std::string>{ "echo base" });
    QCOMPARE(soak.beforeScript, std::vector<std::string>{ "echo before" });
    QCOMPARE(soak.variables, (Variables{ { "X", "base" }, { "Y", "own" } }));
    QCOMPARE(soak.timeoutSeconds.value(), 7200);
    QVERIFY(soak.artifacts->when == When::always);
    QCOMPARE(soak.artifacts->expireSeconds.value(), 604'800);
    QCOMPARE(soak.artifacts->junit, std::vector<std::string>{ "junit.xml" });
    QCOMPARE(soak.retry.max, 1);
    QVERIFY(!soak.needs->front().artifacts);
    QVERIFY(config->jobs[1].beforeScript.empty());
}

void TestCiYamlReader::mergeKeysAndReferencesAreWorkedIn()
{
    const auto config = readCiConfig(R"(
.defaults: &defaults
  tags: [a]
  retry: 2
.setup:
  script: [echo one, echo two]
job:
  <<: *defaults
  retry: 1
  script:
    - !reference [.setup, script]
    - echo three
)");
    QVERIFY2(config, config ? "" : config.error().text().c_str());
    QCOMPARE(config->jobs[0].tags, std::vector<std::string>{ "a" });
    QCOMPARE(config->jobs[0].retry.max, 1);
    QCOMPARE(
        config->jobs[0].script, (std::vector<std::string>{ "echo one", "echo two", "echo three" }));
}

void TestCiYamlReader::aMatrixIsTheProductOfItsLists()
{
    const auto config
        = readCiConfig("soak: {script: x, parallel: {matrix: [{A: [a, b], B: x}, {A: c}]}}");
    QVERIFY(config);
    const std::vector<Variables> expected
        = { { { "A", "a" }, { "B", "x" } }, { { "A", "b" }, { "B", "x" } }, { { "A", "c" } } };
    QCOMPARE(config->jobs[0].matrix, expected);
}

void TestCiYamlReader::everyMistakeNamesLineAndKey_data()
{
    QTest::addColumn<QByteArray>("yaml");
    QTest::addColumn<QByteArray>("start");
    const auto row = [](const char *name, const char *yaml, const char *start) {
        QTest::newRow(name) << QByteArray(yaml) << QByteArray(start);
    };
    row("unknown job key", "job:\n  script: x\n  image: busybox\n", "line 3: jobs:job:image: ");
    row("include", "include: other.yml\njob: {script: x}\n", "line 1: include: ");
    row("no script", "job:\n  stage: test\n", "line 1: jobs:job: ");
    row("unknown stage", "job:\n  stage: nowhere\n  script: x\n", "line 2: jobs:job:stage: ");
    row("unknown need", "job:\n  needs:\n    - other\n  script: x\n", "line 3: jobs:job:needs: ");
    row("text that is a map", "job:\n  script:\n    - echo: hello\n", "line 3: jobs:job:script: ");
    row("bad condition", "job:\n  script: x\n  rules:\n    - if: $A ==\n",
        "line 4: jobs:job:rules:if: ");
    row("changes compared to a ref",
        "job:\n  script: x\n  rules:\n    - changes: {paths: [a], compare_to: b}\n",
        "line 4: jobs:job:rules:changes:compare_to: ");
    row("delayed without a time", "job:\n  when: delayed\n  script: x\n", "line 1: jobs:job: ");
    row("services", "job:\n  services: [x]\n  script: x\n",
        "line 2: jobs:job:services: this key is not supported by the lab: its runners are shell");
    row("another pipeline's job", "job:\n  script: x\n  needs:\n    - pipeline: other\n",
        "line 4: jobs:job:needs:pipeline: ");
    row("another project's pipeline", "job:\n  trigger: a/b\n", "line 2: jobs:job:trigger: ");
    row("a trigger with a script", "job:\n  trigger: {include: a.yml}\n  script: x\n",
        "line 1: jobs:job: a job with `trigger`");
    row("another project's file", "include:\n  - project: a/b\n    file: c\njob: {script: x}\n",
        "line 2: include:project: ");
    row("a missing file", "include: /a.yml\njob: {script: x}\n",
        "line 1: include: Local file `a.yml` does not exist!");
    row("bad duration", "job:\n  timeout: soon\n  script: x\n", "line 2: jobs:job:timeout: ");
    row("retry too often", "job:\n  retry: 3\n  script: x\n", "line 2: jobs:job:retry: ");
    row("other reports", "job:\n  script: x\n  artifacts:\n    reports:\n      dotenv: a\n",
        "line 5: jobs:job:artifacts:reports:dotenv: ");
    row("extends nothing", "job:\n  script: x\n  extends: .gone\n", "line 3: extends: ");
    row("extends in a circle",
        ".a:\n  extends: .b\n.b:\n  extends: .a\njob: {script: x, extends: .a}\n",
        "line 2: jobs:.a:extends: ");
    row("key twice", "job:\n  script: x\n  script: y\n", "line 3: script: ");
    row("broken yaml", "job:\n  script: [x\n", "line 3: ");
    row("reference to nothing", "job:\n  script:\n    - !reference [.a, script]\n",
        "line 3: !reference: ");
    row("no job", "stages: [a]\n", "line 1: there is no job");
    row("a list", "- a\n", "line 1: the file should be a map");
}

void TestCiYamlReader::everyMistakeNamesLineAndKey()
{
    QFETCH(const QByteArray, yaml);
    QFETCH(const QByteArray, start);
    const auto config = readCiConfig(yaml.toStdString());
    QVERIFY(!config);
    const std::string text = config.error().text();
    QVERIFY2(text.starts_with(start.toStdString()), text.c_str());
}

void TestCiYamlReader::aliasBombsAreRefused()
{
    std::string yaml = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n";
    for (int i = 1; i < 9; ++i) {
        const std::string before = "*a" + std::to_string(i - 1);
        yaml += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [";
        for (int n = 0; n < 10; ++n)
            yaml += before + ", ";
        yaml += "]\n";
    }
    const auto config = readCiConfig(yaml);
    QVERIFY(!config);
    QVERIFY(config.error().message.find("too large") != std::string::npos);
}

void TestCiYamlReader::deepNestingIsRefused()
{
    QVERIFY(!readCiConfig("job: " + std::string(200, '[') + std::string(200, ']')));
    QVERIFY(!readCiConfig("job: " + std::string(100'000, '[')));
}

void TestCiYamlReader::durationsAreReadAsGitLabWritesThem()
{
    const auto seconds = [](const char *text) {
        const auto config = readCiConfig(std::string("job: {script: x, timeout: ") + text + "}");
        return config ? *config->jobs[0].timeoutSeconds : -1;
    };
    QCOMPARE(seconds("24h"), 86'400);
    QCOMPARE(seconds("1h 30m"), 5400);
    QCOMPARE(seconds("3 hours 4 minutes"), 11'040);
    QCOMPARE(seconds("90"), 90);
    QCOMPARE(seconds("2 weeks"), 1'209'600);
    QCOMPARE(seconds("h"), -1);
}

QTEST_GUILESS_MAIN(TestCiYamlReader)
#include "tst_ci_yaml_reader.moc"
