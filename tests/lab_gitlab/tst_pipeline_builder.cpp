// SPDX-License-Identifier: GPL-3.0-or-later
#include <QTest>

#include "services/lab/gitlab/ci_yaml_reader.h"
#include "services/lab/gitlab/composite_status.h"
#include "services/lab/gitlab/pipeline_builder.h"

using namespace faultline::lab;

class TestPipelineBuilder : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void rulesDecideWhichJobsRunAndHow();
    void aPipelineWithoutJobsIsRefusedInGitLabsWords();
    void workflowRulesCanFilterAPipelineOut();
    void matrixJobsHaveGitLabsNamesAndAreNeededTogether();
    void circlesOfNeedsAreRefused();
    void statusesAddUpAsInGitLab_data();
    void statusesAddUpAsInGitLab();
    void variablesAreExpandedOnce();
};

namespace {

tl::expected<PlannedPipeline, std::string> plan(
    const char *yaml, const VariableMap &known, const Variables &given = {})
{
    const auto config = readCiConfig(yaml);
    if (!config)
        return tl::unexpected(config.error().text());
    return planPipeline(*config, known, given);
}

} // namespace

void TestPipelineBuilder::rulesDecideWhichJobsRunAndHow()
{
    const auto planned = plan(R"(
always: {script: x}
nightly:
  script: x
  rules:
    - if: $CI_PIPELINE_SOURCE == "schedule"
byHand:
  script: x
  rules:
    - if: $SUITE == "none"
      when: never
    - if: $SUITE
      when: manual
      allow_failure: true
      variables: {MODE: hand}
)",
        { { "CI_PIPELINE_SOURCE", "api" } }, { { "SUITE", "smoke" } });
    QVERIFY(planned);
    QCOMPARE(planned->jobs.size(), 2U);
    QCOMPARE(planned->jobs[1].name, std::string("byHand"));
    QVERIFY(planned->jobs[1].when == When::manual);
    QVERIFY(planned->jobs[1].allowFailure);
    QCOMPARE(planned->jobs[1].spec.variables, (Variables{ { "MODE", "hand" } }));
}

void TestPipelineBuilder::aPipelineWithoutJobsIsRefusedInGitLabsWords()
{
    const auto planned = plan("job: {script: x, rules: [{if: $NOT}]}", {});
    QVERIFY(!planned);
    QVERIFY(planned.error().starts_with("Pipeline will not run for the selected trigger."));
}

void TestPipelineBuilder::workflowRulesCanFilterAPipelineOut()
{
    const char *yaml
        = "workflow: {rules: [{if: $RUN, variables: {FROM: workflow}}]}\njob: {script: x}\n";
    QCOMPARE(plan(yaml, {}).error(), std::string("Pipeline filtered out by workflow rules."));
    const auto planned = plan(yaml, { { "RUN", "1" } });
    QVERIFY(planned);
    QCOMPARE(planned->jobs[0].spec.variables, (Variables{ { "FROM", "workflow" } }));
}

void TestPipelineBuilder::matrixJobsHaveGitLabsNamesAndAreNeededTogether()
{
    const auto planned = plan(R"(
stages: [run, end]
soak: {stage: run, script: x, parallel: {matrix: [{M: [a, b], X: x}]}}
many: {stage: run, script: x, parallel: 2}
end: {stage: end, script: x, needs: [soak]}
)",
        {});
    QVERIFY(planned);
    std::vector<std::string> names;
    for (const PlannedJob &job : planned->jobs)
        names.push_back(job.name);
    QCOMPARE(names,
        (std::vector<std::string>{
            "soak: [a, x]", "soak: [b, x]", "many 1/2", "many 2/2", "end" }));
    QCOMPARE(planned->jobs[4].spec.needs.value(),
        (std::vector<std::string>{ "soak: [a, x]", "soak: [b, x]" }));
}

void TestPipelineBuilder::circlesOfNeedsAreRefused()
{
    QVERIFY(!plan("a: {script: x, needs: [b]}\nb: {script: x, needs: [a]}\n", {}));
}

void TestPipelineBuilder::statusesAddUpAsInGitLab_data()
{
    QTest::addColumn<QByteArray>("jobs"); // "!" = may fail
    QTest::addColumn<QByteArray>("status");
    const auto row = [](const char *jobs, const char *status) {
        QTest::newRow(jobs) << QByteArray(jobs) << QByteArray(status);
    };
    row("success success", "success");
    row("success !failed", "success");
    row("success failed", "failed");
    row("success skipped", "success");
    row("skipped skipped", "skipped");
    row("failed skipped", "failed");
    row("success pending", "running");
    row("created pending", "pending");
    row("created created", "created");
    row("success created", "running");
    row("success manual", "manual");
    row("success !manual", "success");
    row("success canceled", "canceled");
    row("running canceling", "canceling");
    row("waiting_for_resource created", "waiting_for_resource");
}

void TestPipelineBuilder::statusesAddUpAsInGitLab()
{
    QFETCH(const QByteArray, jobs);
    QFETCH(const QByteArray, status);
    std::vector<JobRecord> records;
    for (QByteArray word : jobs.split(' ')) {
        JobRecord job;
        job.allowFailure = word.startsWith('!');
        job.status = (job.allowFailure ? word.mid(1) : word).toStdString();
        records.push_back(job);
    }
    QCOMPARE(compositeStatus(records).status, status.toStdString());
}

void TestPipelineBuilder::variablesAreExpandedOnce()
{
    const VariableMap variables = { { "A", "a" }, { "B", "$A" } };
    QCOMPARE(
        expandVariables("x $A ${A}y $B $GONE $$A $", variables), std::string("x a ay $A  $A $"));
}

QTEST_GUILESS_MAIN(TestPipelineBuilder)
#include "tst_pipeline_builder.moc"
