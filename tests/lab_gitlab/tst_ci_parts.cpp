// SPDX-License-Identifier: GPL-3.0-or-later
// Includes, inputs, patterns of files, JUnit reports: what a configuration is made of beside jobs.
#include <QTest>

#include <map>

#include "services/lab/gitlab/ci_yaml_reader.h"
#include "services/lab/gitlab/junit_report.h"
#include "services/lab/gitlab/pipeline_builder.h"
#include "services/lab/gitlab/ruby_glob.h"

using namespace faultline::lab;

class TestCiParts : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void includedJobsAreOverruledByTheFile();
    void errorsNameTheIncludedFile();
    void aFileThatIncludesItselfEnds();
    void inputsTakeThePlaceOfTheirNames();
    void wrongInputsAreRefused_data();
    void wrongInputsAreRefused();
    void needsOfAMatrixTakeSomeOfItsJobs();
    void rulesLookAtFiles();
    void patternsMatchAsInRuby_data();
    void patternsMatchAsInRuby();
    void junitCasesAreRead();
    void brokenJunitIsAnError();
};

namespace {

CiSources sourcesOf(const std::map<std::string, std::string> &files, CiInputs inputs = {})
{
    CiSources sources;
    sources.inputs = std::move(inputs);
    sources.file = [files](const std::string &path) -> std::optional<std::string> {
        const auto found = files.find(path);
        return found == files.end() ? std::nullopt : std::optional(found->second);
    };
    return sources;
}

} // namespace

void TestCiParts::includedJobsAreOverruledByTheFile()
{
    const auto config = readCiConfig("include: [{local: /a.yml}, b.yml]\none:\n  script: [mine]\n",
        sourcesOf({ { "a.yml", "one: {script: [a], tags: [kept]}\ntwo: {script: [a]}\n" },
            { "b.yml", "two: {script: [b]}\n" } }));
    QVERIFY2(config, config ? "" : config.error().text().c_str());
    QCOMPARE(config->jobs.size(), 2U);
    QCOMPARE(config->jobs[0].script, std::vector<std::string>{ "mine" });
    QCOMPARE(config->jobs[0].tags, std::vector<std::string>{ "kept" });
    QCOMPARE(config->jobs[1].script, std::vector<std::string>{ "b" });
    QCOMPARE(config->included, (std::vector<std::string>{ "a.yml", "b.yml" }));
}

void TestCiParts::errorsNameTheIncludedFile()
{
    const auto config = readCiConfig(
        "include: a.yml\n", sourcesOf({ { "a.yml", "one:\n  script: [x]\n  image: y\n" } }));
    QVERIFY(!config);
    QVERIFY2(config.error().text().starts_with("a.yml: line 3: jobs:one:image"),
        config.error().text().c_str());
}

void TestCiParts::aFileThatIncludesItselfEnds()
{
    const auto config
        = readCiConfig("include: a.yml\n", sourcesOf({ { "a.yml", "include: a.yml\n" } }));
    QVERIFY(!config);
    QVERIFY(config.error().text().find("Maximum of 150 nested includes") != std::string::npos);
}

void TestCiParts::inputsTakeThePlaceOfTheirNames()
{
    const std::string text
        = "spec:\n  inputs:\n    board: {options: [a, b]}\n    count: {type: number, "
          "default: 2}\n    steps: {type: array, default: [one, two]}\n---\n"
          "soak-$[[ inputs.board ]]:\n  parallel: $[[ inputs.count ]]\n"
          "  script: $[[ inputs.steps ]]\n";
    const auto config = readCiConfig(text, sourcesOf({}, { { "board", "b" } }));
    QVERIFY2(config, config ? "" : config.error().text().c_str());
    QCOMPARE(config->jobs[0].name, std::string("soak-b"));
    QCOMPARE(config->jobs[0].parallel, 2);
    QCOMPARE(config->jobs[0].script, (std::vector<std::string>{ "one", "two" }));
    QCOMPARE(config->jobs[0].line, 7);
}

void TestCiParts::wrongInputsAreRefused_data()
{
    QTest::addColumn<QString>("declared");
    QTest::addColumn<QString>("value");
    QTest::addColumn<QString>("words");
    const auto row = [](const char *name, const char *declared, const char *value,
                         const char *words) { QTest::newRow(name) << declared << value << words; };
    row("none given", "{}", "", "required value has not been provided");
    row("a text for a number", "{type: number}", "\"x\"", "provided value is not a number");
    row("a number for a text", "{}", "3", "provided value is not a string");
    row("none of the options", "{options: [a]}", "\"b\"", "list of allowed options");
    row("another pattern", "{regex: '^v\\d+$'}", "\"w1\"", "does not match required RegEx");
    row("an unknown type", "{type: date}", "\"x\"", "can be string, number, boolean or array");
}

void TestCiParts::wrongInputsAreRefused()
{
    QFETCH(QString, declared);
    QFETCH(QString, value);
    QFETCH(QString, words);
    CiInputs inputs;
    if (!value.isEmpty())
        inputs["one"] = nlohmann::json::parse(value.toStdString());
    const auto config = readCiConfig("spec:\n  inputs:\n    one: " + declared.toStdString()
            + "\n---\njob: {script: ['$[[ inputs.one ]]']}\n",
        sourcesOf({}, inputs));
    QVERIFY(!config);
    QVERIFY2(config.error().text().find(words.toStdString()) != std::string::npos,
        config.error().text().c_str());
}

void TestCiParts::needsOfAMatrixTakeSomeOfItsJobs()
{
    const auto config = readCiConfig(R"(
make: {script: [x], parallel: {matrix: [{BOARD: [a, b], FW: [x]}]}}
use:
  script: [x]
  needs: [{job: make, parallel: {matrix: [{BOARD: b, FW: x}]}}]
)");
    QVERIFY2(config, config ? "" : config.error().text().c_str());
    const auto plan = planPipeline(*config, {}, {});
    QVERIFY(plan);
    QCOMPARE(plan->jobs.back().spec.needs.value(), std::vector<std::string>{ "make: [b, x]" });
}

void TestCiParts::rulesLookAtFiles()
{
    const auto config = readCiConfig(R"(
docs: {script: [x], rules: [{changes: ["docs/**/*"]}]}
code: {script: [x], rules: [{changes: {paths: ["src/*.{c,h}"]}}]}
make: {script: [x], rules: [{exists: [Makefile]}]}
none: {script: [x], rules: [{exists: ["*.rs"]}]}
)");
    QVERIFY2(config, config ? "" : config.error().text().c_str());
    QVERIFY(config->usesChanges && config->usesExists);
    const auto names = [&config](const CommitFiles &files) {
        std::string out;
        const auto plan = planPipeline(*config, {}, {}, files);
        for (const PlannedJob &job : plan->jobs)
            out += job.name + " ";
        return out;
    };
    QCOMPARE(names({ std::vector<std::string>{ "docs/a/b.md" }, { "Makefile" } }),
        std::string("docs make "));
    QCOMPARE(names({ std::vector<std::string>{ "src/a.c" }, {} }), std::string("code "));
    QCOMPARE(names({ std::nullopt, {} }), std::string("docs code "));
}

void TestCiParts::patternsMatchAsInRuby_data()
{
    QTest::addColumn<QString>("pattern");
    QTest::addColumn<QString>("path");
    QTest::addColumn<bool>("matches");
    const auto row = [](const char *pattern, const char *path, bool matches) {
        QTest::addRow("%s %s", pattern, path) << pattern << path << matches;
    };
    row("*.md", "a.md", true);
    row("*.md", "docs/a.md", false);
    row("**/*.md", "a.md", true);
    row("**/*.md", "docs/x/a.md", true);
    row("docs/**/*", "docs/a", true);
    row("docs/**/*", "docs/a/b/c", true);
    row("docs", "docs/a", false);
    row("docs/**", "docs/a/b", false);
    row("a.{c,h}", "a.h", true);
    row("a.{c,h}", "a.o", false);
    row("{a,b/{c,d}}.x", "b/d.x", true);
    row("[ab].c", "b.c", true);
    row("{open", "{open", true);
}

void TestCiParts::patternsMatchAsInRuby()
{
    QFETCH(QString, pattern);
    QFETCH(QString, path);
    QFETCH(bool, matches);
    QCOMPARE(RubyGlob(pattern.toStdString()).matches(path.toStdString()), matches);
}

void TestCiParts::junitCasesAreRead()
{
    const auto cases = readJunit(R"(<?xml version="1.0"?><!-- c --><testsuites><testsuite name="s">
<testcase name="a" classname="k" time="1.5"/>
<testcase name="b &lt;1&gt;" classname="k"><failure message="m">line &amp; <![CDATA[<raw>]]></failure></testcase>
<testcase name="c"><skipped/></testcase><testcase name="d"><error message="only this"/></testcase>
<testcase name="a" classname="k"><failure/></testcase></testsuite></testsuites>)");
    QVERIFY(cases);
    QCOMPARE(cases->size(), 4U);
    QCOMPARE(cases->at(0).seconds, 1.5);
    QCOMPARE(cases->at(1).name, std::string("b <1>"));
    QCOMPARE(cases->at(1).status, std::string("failed"));
    QCOMPARE(cases->at(1).output, std::string("line & <raw>"));
    QCOMPARE(cases->at(2).status, std::string("skipped"));
    QCOMPARE(cases->at(3).output, std::string("only this"));
}

void TestCiParts::brokenJunitIsAnError()
{
    QVERIFY(!readJunit("<testsuite><testcase name='a'/>"));
    QVERIFY(!readJunit("<a b=c></a>"));
    QVERIFY(!readJunit("</a>"));
    std::string deep;
    for (int i = 0; i < 1'000'000; ++i)
        deep += "<a>";
    QVERIFY(!readJunit(deep));
}

QTEST_GUILESS_MAIN(TestCiParts)
#include "tst_ci_parts.moc"
