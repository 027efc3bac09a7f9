// SPDX-License-Identifier: GPL-3.0-or-later
#include <QTest>

#include "lab_fixture.h"

using namespace faultline::lab;

class TestGitLabSide : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();
    void aPushRunsItsPipeline();
    void aFailedJobSkipsTheNextStage();
    void aBrokenFileLeavesAFailedPipelineWithTheReason();
    void cancelRunsAfterScriptAndThenCancels();
    void retryGivesANewIdInTheSamePipeline();
    void aTraceCanBeReadFromAnyByte();
    void secretsNeverReachTheLog();
    void timeoutsEndAJob();
    void manualJobsWaitUntilPlayed();
    void triggersTakeStringVariablesOnly();
    void withoutATokenNothingIsShown();
    void pendingJobsGoOnAfterARestart();
    void aRunningJobIsLostWithTheLabAndTriedAgain();

private:
    std::unique_ptr<LabFixture> m_lab;
};

namespace {

bool contains(const std::string &text, const char *part)
{
    return text.find(part) != std::string::npos;
}

} // namespace

void TestGitLabSide::init()
{
    m_lab = std::make_unique<LabFixture>();
    m_lab->start();
}

void TestGitLabSide::cleanup()
{
    m_lab.reset();
}

void TestGitLabSide::aPushRunsItsPipeline()
{
    QVERIFY(m_lab->push(R"(
stages: [build, test]
make:
  stage: build
  script: [mkdir -p out, echo made > out/file.txt, echo "plain $PLAIN in $CI_COMMIT_BRANCH"]
  artifacts: {paths: [out/]}
check:
  stage: test
  script: [grep made out/file.txt, 'echo problem >&2', 'case $PATH in /a/folder/first:*) ;; *) exit 4;; esac']
)"));
    QTRY_COMPARE_WITH_TIMEOUT(m_lab->pipelineStatus(1), std::string("success"), 30'000);
    const auto pipeline
        = m_lab->json("GET", "/projects/faultline%2Fsample/pipelines/latest?ref=main");
    QCOMPARE(pipeline.at("source").get<std::string>(), std::string("push"));
    const auto make = m_lab->job(1, "make");
    const std::int64_t id = make.at("id").get<std::int64_t>();
    const std::string log = m_lab->trace(id);
    QVERIFY2(contains(log, "01O plain plain in main\n"), log.c_str());
    QVERIFY(contains(log, "section_start:"));
    QVERIFY(contains(log, "Job succeeded"));
    QVERIFY(contains(
        m_lab->trace(m_lab->job(1, "check").at("id").get<std::int64_t>()), "01E problem\n"));
    QCOMPARE(
        make.at("artifacts_file").at("filename").get<std::string>(), std::string("artifacts.zip"));
    const std::string path = "/projects/1/jobs/" + std::to_string(id) + "/artifacts";
    QVERIFY(m_lab->call("GET", path).body.starts_with("PK"));
    QCOMPARE(m_lab->call("GET", path + "/out/file.txt").body, std::string("made\n"));
    QCOMPARE(m_lab->call("GET", path + "/out/none.txt").status, 404);
}

void TestGitLabSide::aFailedJobSkipsTheNextStage()
{
    QVERIFY(m_lab->push(R"(
stages: [one, two]
bad: {stage: one, script: exit 3}
tolerated: {stage: one, script: exit 3, allow_failure: {exit_codes: 3}}
next: {stage: two, script: echo never}
cleanup: {stage: two, script: echo on failure, when: on_failure}
)"));
    QTRY_COMPARE_WITH_TIMEOUT(m_lab->pipelineStatus(1), std::string("failed"), 30'000);
    QCOMPARE(m_lab->job(1, "bad").at("failure_reason").get<std::string>(),
        std::string("script_failure"));
    QCOMPARE(m_lab->job(1, "tolerated").at("allow_failure").get<bool>(), true);
    QCOMPARE(m_lab->jobStatus(1, "next"), std::string("skipped"));
    QTRY_COMPARE(m_lab->jobStatus(1, "cleanup"), std::string("success"));
    QVERIFY(contains(m_lab->trace(m_lab->job(1, "bad").at("id").get<std::int64_t>()),
        "ERROR: Job failed: exit code 3"));
}

void TestGitLabSide::aBrokenFileLeavesAFailedPipelineWithTheReason()
{
    QVERIFY(m_lab->push("job:\n  script: x\n  image: y\n"));
    QTRY_COMPARE(m_lab->pipelineStatus(1), std::string("failed"));
    const auto pipeline = m_lab->json("GET", "/projects/1/pipelines/1");
    QVERIFY(pipeline.at("yaml_errors").get<std::string>().starts_with("line 3: jobs:job:image"));
    const HttpReply refused = m_lab->call("POST", "/projects/1/pipeline", R"({"ref":"main"})");
    QCOMPARE(refused.status, 400);
    QVERIFY(contains(refused.body, "{\"message\":{\"base\":[\"line 3: jobs:job:image"));
}

void TestGitLabSide::cancelRunsAfterScriptAndThenCancels()
{
    QVERIFY(m_lab->push(
        "job: {script: [echo begun, sleep 300], after_script: [echo after $CI_JOB_STATUS]}"));
    QTRY_COMPARE(m_lab->jobStatus(1, "job"), std::string("running"));
    QTRY_VERIFY_WITH_TIMEOUT(contains(m_lab->trace(1), "01O begun"), 15'000);
    const auto canceled = m_lab->json("POST", "/projects/1/jobs/1/cancel");
    QCOMPARE(canceled.at("status").get<std::string>(), std::string("canceling"));
    QCOMPARE(m_lab->pipelineStatus(1), std::string("canceling"));
    QTRY_COMPARE_WITH_TIMEOUT(m_lab->jobStatus(1, "job"), std::string("canceled"), 15'000);
    QCOMPARE(m_lab->pipelineStatus(1), std::string("canceled"));
    QVERIFY(contains(m_lab->trace(1), "01O after canceled"));
    QVERIFY(!m_lab->job(1, "job").contains("failure_reason"));
}

void TestGitLabSide::retryGivesANewIdInTheSamePipeline()
{
    QVERIFY(m_lab->push(
        "stages: [a, b]\nflaky: {stage: a, script: exit 1}\nlater: {stage: b, script: x}\n"));
    QTRY_COMPARE_WITH_TIMEOUT(m_lab->pipelineStatus(1), std::string("failed"), 15'000);
    const auto again = m_lab->json("POST", "/projects/1/jobs/1/retry");
    QCOMPARE(again.at("id").get<std::int64_t>(), 3);
    QCOMPARE(again.at("pipeline").at("id").get<std::int64_t>(), 1);
    QCOMPARE(m_lab->call("POST", "/projects/1/jobs/1/retry").status, 403);
    QTRY_COMPARE_WITH_TIMEOUT(m_lab->pipelineStatus(1), std::string("failed"), 15'000);
    QCOMPARE(m_lab->json("GET", "/projects/1/pipelines/1/jobs").size(), 2U);
    QCOMPARE(m_lab->json("GET", "/projects/1/pipelines/1/jobs?include_retried=true").size(), 3U);
}

void TestGitLabSide::aTraceCanBeReadFromAnyByte()
{
    QVERIFY(m_lab->push("job: {script: echo hello}"));
    QTRY_COMPARE_WITH_TIMEOUT(m_lab->pipelineStatus(1), std::string("success"), 15'000);
    const std::string path = "/projects/1/jobs/1/trace";
    const HttpReply whole = m_lab->call("GET", path);
    QCOMPARE(whole.status, 200);
    QCOMPARE(whole.header("accept-ranges"), std::string_view("bytes"));
    const std::string etag(whole.header("etag"));
    QVERIFY(etag.starts_with('"'));
    QCOMPARE(m_lab->call("GET", path, {}, { { "If-None-Match", etag } }).status, 304);
    const HttpReply part = m_lab->call("GET", path, {}, { { "Range", "bytes=100-" } });
    QCOMPARE(part.status, 206);
    QCOMPARE(part.body, whole.body.substr(100));
    const std::string size = std::to_string(whole.body.size());
    QCOMPARE(std::string(part.header("content-range")),
        "bytes 100-" + std::to_string(whole.body.size() - 1) + "/" + size);
    const HttpReply beyond = m_lab->call("GET", path, {}, { { "Range", "bytes=" + size + "-" } });
    QCOMPARE(beyond.status, 416);
    QCOMPARE(std::string(beyond.header("content-range")), "bytes */" + size);
    const auto artifacts = m_lab->job(1, "job").at("artifacts");
    QCOMPARE(artifacts.at(0).at("size").get<std::size_t>(), whole.body.size());
}

void TestGitLabSide::secretsNeverReachTheLog()
{
    QVERIFY(
        m_lab->push("job: {script: ['echo $MASKED; echo $CI_JOB_TOKEN; set -x; true $MASKED']}"));
    QTRY_COMPARE_WITH_TIMEOUT(m_lab->pipelineStatus(1), std::string("success"), 15'000);
    const std::string log = m_lab->trace(1);
    QVERIFY(contains(log, "01O [MASKED]\n"));
    QVERIFY(!contains(log, m_lab->masked.c_str()));
    QVERIFY(!contains(log, "glcbt-"));
}

void TestGitLabSide::timeoutsEndAJob()
{
    QVERIFY(m_lab->push("job: {script: sleep 300, timeout: 1s}"));
    QTRY_COMPARE_WITH_TIMEOUT(m_lab->jobStatus(1, "job"), std::string("failed"), 15'000);
    QCOMPARE(m_lab->job(1, "job").at("failure_reason").get<std::string>(),
        std::string("job_execution_timeout"));
    QVERIFY(contains(m_lab->trace(1), "ERROR: Job failed: execution took longer than 1s seconds"));
}

void TestGitLabSide::manualJobsWaitUntilPlayed()
{
    QVERIFY(m_lab->push("hand: {script: 'echo for $WHO', when: manual}\nauto: {script: x=1}\n"));
    QTRY_COMPARE_WITH_TIMEOUT(m_lab->pipelineStatus(1), std::string("success"), 15'000);
    QCOMPARE(m_lab->jobStatus(1, "hand"), std::string("manual"));
    QCOMPARE(m_lab->call("POST", "/projects/1/jobs/2/play").status, 400);
    const HttpReply played = m_lab->call("POST", "/projects/1/jobs/1/play",
        R"({"job_variables_attributes":[{"key":"WHO","value":"you"}]})");
    QCOMPARE(played.status, 200);
    QTRY_COMPARE_WITH_TIMEOUT(m_lab->jobStatus(1, "hand"), std::string("success"), 15'000);
    QVERIFY(contains(m_lab->trace(1), "01O for you\n"));
}

void TestGitLabSide::triggersTakeStringVariablesOnly()
{
    QVERIFY(m_lab->push("job: {script: 'echo case $CASE', rules: [{if: $CASE}]}"));
    const std::string path = "/projects/1/trigger/pipeline";
    QTRY_COMPARE(
        m_lab->call("POST", path, R"({"token":"glptt-test","ref":"main","variables":{"CASE":1}})")
            .status,
        400);
    QCOMPARE(m_lab->call("POST", path, R"({"token":"wrong","ref":"main"})").status, 404);
    QCOMPARE(m_lab->call("POST", path + "?token=glptt-test&ref=main").status, 400);
    const auto pipeline = m_lab->json(
        "POST", path, R"({"token":"glptt-test","ref":"main","variables":{"CASE":"kv"}})");
    QCOMPARE(pipeline.at("source").get<std::string>(), std::string("trigger"));
    const auto id = pipeline.at("id").get<std::int64_t>();
    QTRY_COMPARE_WITH_TIMEOUT(m_lab->pipelineStatus(id), std::string("success"), 15'000);
    QVERIFY(contains(m_lab->trace(1), "01O case kv\n"));
}

void TestGitLabSide::withoutATokenNothingIsShown()
{
    const StopSignal stop;
    HttpClient client(m_lab->url(), stop);
    for (const char *path :
        { "/api/v4/user", "/api/v4/projects/1/pipelines", "/api/v4/projects/1/jobs/1/trace" }) {
        const auto reply = client.send("GET", path, { { "PRIVATE-TOKEN", "glpat-wrong" } }, {});
        QVERIFY(reply);
        QCOMPARE(reply->status, 401);
        QCOMPARE(reply->body, std::string("{\"message\":\"401 Unauthorized\"}"));
    }
    const auto git
        = client.send("GET", "/faultline/sample.git/info/refs?service=git-upload-pack", {}, {});
    QCOMPARE(git->status, 401);
    const auto request = client.send("POST", "/api/v4/jobs/request",
        { { "Content-Type", "application/json" } }, "{\"token\":\"x\"}");
    QCOMPARE(request->status, 403);
    QCOMPARE(m_lab->call("GET", "/projects/2/pipelines").status, 404);
}

void TestGitLabSide::pendingJobsGoOnAfterARestart()
{
    m_lab->stop();
    m_lab->start(0);
    QVERIFY(m_lab->push("job: {script: echo hello}"));
    QTRY_COMPARE(m_lab->jobStatus(1, "job"), std::string("pending"));
    m_lab->stop();
    m_lab->start(1);
    QTRY_COMPARE_WITH_TIMEOUT(m_lab->pipelineStatus(1), std::string("success"), 15'000);
    QCOMPARE(m_lab->json("GET", "/projects/1/pipelines").size(), 1U);
}

void TestGitLabSide::aRunningJobIsLostWithTheLabAndTriedAgain()
{
    QVERIFY(m_lab->push(
        "job: {script: [echo begun, sleep 300], retry: {max: 1, when: runner_system_failure}}"));
    QTRY_VERIFY_WITH_TIMEOUT(contains(m_lab->trace(1), "01O begun"), 15'000);
    m_lab->stop();
    m_lab->start();
    const auto lost = m_lab->json("GET", "/projects/1/jobs/1");
    QCOMPARE(lost.at("status").get<std::string>(), std::string("failed"));
    QCOMPARE(lost.at("failure_reason").get<std::string>(), std::string("runner_system_failure"));
    QTRY_VERIFY_WITH_TIMEOUT(contains(m_lab->trace(2), "01O begun"), 15'000);
    QCOMPARE(m_lab->pipelineStatus(1), std::string("running"));
}

QTEST_GUILESS_MAIN(TestGitLabSide)
#include "tst_gitlab_side.moc"
