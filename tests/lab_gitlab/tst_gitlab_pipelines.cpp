// SPDX-License-Identifier: GPL-3.0-or-later
// Pipelines beyond a push: triggers, children, delays, schedules, hooks.
#include <QTcpServer>
#include <QTcpSocket>
#include <QTest>

#include "lab_fixture.h"

using namespace faultline::lab;

class TestGitLabPipelines : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();
    void aCommitThatAsksForItGetsNoJobs();
    void triggersAreTakenInFourForms();
    void theTriggersPayloadIsAFileOfTheJob();
    void inputsOfAPipelineReachItsJobs();
    void aChildPipelineRunsAndItsBridgeWaits();
    void aFailingChildFailsItsBridge();
    void cancelReachesTheChild();
    void aDeletedChildLeavesItsBridge();
    void aDelayedJobCanBePlayedAtOnce();
    void aDelayedJobStartsByItself();
    void onlyChangedFilesStartTheirJobs();
    void jobsOfOneResourceRunOneAfterTheOther();
    void aScheduleRunsWhenItsTimeHasCome();
    void aHookHearsOfPipelinesAndJobs();
    void hooksDoNotLeaveThisMachine();
    void artifactsGoWhenTheirTimeHasCome();

private:
    nlohmann::json variables(std::int64_t pipeline)
    {
        return m_lab->json(
            "GET", "/projects/1/pipelines/" + std::to_string(pipeline) + "/variables");
    }
    std::string traceOf(std::int64_t pipeline, const std::string &job)
    {
        return m_lab->trace(m_lab->job(pipeline, job).at("id").get<std::int64_t>());
    }

    std::unique_ptr<LabFixture> m_lab;
};

namespace {

bool contains(const std::string &text, const char *part)
{
    return text.find(part) != std::string::npos;
}

} // namespace

void TestGitLabPipelines::init()
{
    m_lab = std::make_unique<LabFixture>();
    m_lab->start();
}

void TestGitLabPipelines::cleanup()
{
    m_lab.reset();
}

void TestGitLabPipelines::aCommitThatAsksForItGetsNoJobs()
{
    QVERIFY(m_lab->pushFiles({ { ".gitlab-ci.yml", "job: {script: x=1}" } }, "No need [Skip CI]"));
    QTRY_COMPARE_WITH_TIMEOUT(m_lab->pipelineStatus(1), std::string("skipped"), 30'000);
    QCOMPARE(m_lab->json("GET", "/projects/1/pipelines/1/jobs").size(), 0U);
    // Whoever asks for a pipeline by name gets one.
    QCOMPARE(m_lab->call("POST", "/projects/1/pipeline", R"({"ref":"main"})").status, 201);
    QTRY_COMPARE_WITH_TIMEOUT(m_lab->pipelineStatus(2), std::string("success"), 30'000);
}

void TestGitLabPipelines::triggersAreTakenInFourForms()
{
    QVERIFY(m_lab->push("job: {script: x=1}"));
    QTRY_COMPARE_WITH_TIMEOUT(m_lab->pipelineStatus(1), std::string("success"), 30'000);
    const std::string path = "/projects/1/trigger/pipeline";
    const std::string form = "application/x-www-form-urlencoded";
    std::vector<HttpReply> replies;
    replies.push_back(m_lab->send("POST", path, { { "Content-Type", "application/json" } },
        R"({"token":"glptt-test","ref":"main","variables":{"WHO":"json"}})"));
    replies.push_back(m_lab->send("POST", path, { { "Content-Type", form } },
        "token=glptt-test&ref=main&variables%5BWHO%5D=form"));
    replies.push_back(
        m_lab->send("POST", path, { { "Content-Type", "multipart/form-data; boundary=B" } },
            "--B\r\nContent-Disposition: form-data; name=\"token\"\r\n\r\nglptt-test\r\n"
            "--B\r\nContent-Disposition: form-data; name=\"ref\"\r\n\r\nmain\r\n"
            "--B\r\nContent-Disposition: form-data; "
            "name=\"variables[WHO]\"\r\n\r\nparts\r\n--B--\r\n"));
    replies.push_back(
        m_lab->send("POST", path + "?token=glptt-test&ref=main&variables[WHO]=query", {}));
    const char *who[] = { "json", "form", "parts", "query" };
    for (std::size_t i = 0; i < replies.size(); ++i) {
        QCOMPARE(replies[i].status, 201);
        const auto pipeline = nlohmann::json::parse(replies[i].body);
        QCOMPARE(
            variables(pipeline.at("id").get<std::int64_t>()).at(0).at("value").get<std::string>(),
            std::string(who[i]));
    }
    QCOMPARE(m_lab
                 ->send("POST", path, { { "Content-Type", "application/json" } },
                     R"({"token":"glptt-test","ref":"main","variables":{"N":1}})")
                 .status,
        400);
    QCOMPARE(m_lab->send("POST", path, { { "Content-Type", form } }, "token=wrong&ref=main").status,
        404);
}

void TestGitLabPipelines::theTriggersPayloadIsAFileOfTheJob()
{
    QVERIFY(m_lab->push("job: {script: ['cat $TRIGGER_PAYLOAD', 'cat $NOTE']}\n"));
    const auto created = m_lab->json("POST", "/projects/1/pipeline",
        R"({"ref":"main","variables":[{"key":"NOTE","value":"a file","variable_type":"file"},{"key":"TRIGGER_PAYLOAD","value":"/dev/null"}]})");
    const auto first = created.at("id").get<std::int64_t>();
    QTRY_COMPARE_WITH_TIMEOUT(m_lab->pipelineStatus(first), std::string("success"), 30'000);
    QVERIFY(contains(traceOf(first, "job"), "01O a file"));
    const HttpReply reply = m_lab->send("POST", "/projects/1/trigger/pipeline",
        { { "Content-Type", "application/json" } },
        R"({"token":"glptt-test","ref":"main","extra":"told","variables":{"NOTE":"/dev/null"}})");
    const auto second = nlohmann::json::parse(reply.body).at("id").get<std::int64_t>();
    QTRY_COMPARE_WITH_TIMEOUT(m_lab->pipelineStatus(second), std::string("success"), 30'000);
    const std::string log = traceOf(second, "job");
    QVERIFY(contains(log, "\"extra\":\"told\""));
    QVERIFY(!contains(log, "glptt-test"));
}

void TestGitLabPipelines::inputsOfAPipelineReachItsJobs()
{
    QVERIFY(m_lab->push("spec: {inputs: {word: {default: nothing}}}\n---\n"
                        "job: {script: ['echo said $[[ inputs.word ]]']}\n"));
    const auto created
        = m_lab->json("POST", "/projects/1/pipeline", R"({"ref":"main","inputs":{"word":"much"}})");
    const auto id = created.at("id").get<std::int64_t>();
    QTRY_COMPARE_WITH_TIMEOUT(m_lab->pipelineStatus(id), std::string("success"), 30'000);
    QVERIFY(contains(traceOf(id, "job"), "01O said much"));
    const HttpReply refused
        = m_lab->call("POST", "/projects/1/pipeline", R"({"ref":"main","inputs":{"other":"x"}})");
    QCOMPARE(refused.status, 400);
    QVERIFY(contains(refused.body, "unknown input arguments: other"));
}

void TestGitLabPipelines::aChildPipelineRunsAndItsBridgeWaits()
{
    QVERIFY(m_lab->pushFiles({ { ".gitlab-ci.yml", R"(
stages: [first, last]
child:
  stage: first
  variables: {FROM: parent}
  trigger: {include: [{local: ci/child.yml}], strategy: depend}
after: {stage: last, script: echo after}
)" },
        { "ci/child.yml", "below: {script: ['echo below of $FROM']}\n" } }));
    QTRY_COMPARE_WITH_TIMEOUT(m_lab->pipelineStatus(1), std::string("success"), 30'000);
    const auto bridges = m_lab->json("GET", "/projects/1/pipelines/1/bridges");
    QCOMPARE(bridges.size(), 1U);
    QCOMPARE(bridges.at(0).at("status").get<std::string>(), std::string("success"));
    const auto child = bridges.at(0).at("downstream_pipeline");
    QCOMPARE(child.at("source").get<std::string>(), std::string("parent_pipeline"));
    const auto id = child.at("id").get<std::int64_t>();
    QVERIFY(contains(traceOf(id, "below"), "01O below of parent"));
    QCOMPARE(m_lab->json("GET", "/projects/1/pipelines").size(), 1U);
    QCOMPARE(m_lab->json("GET", "/projects/1/pipelines?source=parent_pipeline").size(), 1U);
    QCOMPARE(m_lab->json("GET", "/projects/1/pipelines/1/jobs").size(), 1U);
}

void TestGitLabPipelines::aFailingChildFailsItsBridge()
{
    QVERIFY(m_lab->pushFiles({ { ".gitlab-ci.yml", R"(
child: {trigger: {include: child.yml, strategy: depend}}
lost: {trigger: {include: none.yml}, allow_failure: true}
)" },
        { "child.yml", "below: {script: exit 1}\n" } }));
    QTRY_COMPARE_WITH_TIMEOUT(m_lab->pipelineStatus(1), std::string("failed"), 30'000);
    const auto bridges = m_lab->json("GET", "/projects/1/pipelines/1/bridges");
    for (const auto &bridge : bridges)
        QCOMPARE(bridge.at("failure_reason").get<std::string>(),
            std::string(bridge.at("name") == "lost" ? "downstream_pipeline_creation_failed"
                                                    : "downstream_pipeline_failed"));
}

void TestGitLabPipelines::cancelReachesTheChild()
{
    QVERIFY(m_lab->pushFiles(
        { { ".gitlab-ci.yml", "child: {trigger: {include: child.yml, strategy: depend}}\n" },
            { "child.yml", "below: {script: sleep 300}\n" } }));
    QTRY_COMPARE_WITH_TIMEOUT(m_lab->jobStatus(2, "below"), std::string("running"), 30'000);
    QCOMPARE(m_lab->call("POST", "/projects/1/pipelines/1/cancel").status, 200);
    QTRY_COMPARE_WITH_TIMEOUT(m_lab->pipelineStatus(2), std::string("canceled"), 30'000);
    QCOMPARE(m_lab->pipelineStatus(1), std::string("canceled"));
}

void TestGitLabPipelines::aDeletedChildLeavesItsBridge()
{
    QVERIFY(m_lab->pushFiles({ { ".gitlab-ci.yml", "child: {trigger: {include: child.yml}}\n" },
        { "child.yml", "below: {script: x=1}\n" } }));
    QTRY_COMPARE_WITH_TIMEOUT(m_lab->pipelineStatus(2), std::string("success"), 30'000);
    QTRY_COMPARE_WITH_TIMEOUT(m_lab->pipelineStatus(1), std::string("success"), 30'000);
    QCOMPARE(m_lab->call("DELETE", "/projects/1/pipelines/2").status, 204);
    const auto bridges = m_lab->json("GET", "/projects/1/pipelines/1/bridges");
    QVERIFY(bridges.at(0).at("downstream_pipeline").is_null());
}

void TestGitLabPipelines::aDelayedJobCanBePlayedAtOnce()
{
    QVERIFY(m_lab->push("later: {script: x=1, when: delayed, start_in: 1 hour}\n"));
    QTRY_COMPARE_WITH_TIMEOUT(m_lab->jobStatus(1, "later"), std::string("scheduled"), 30'000);
    QCOMPARE(m_lab->pipelineStatus(1), std::string("scheduled"));
    QCOMPARE(m_lab->call("POST", "/projects/1/jobs/1/play").status, 200);
    QTRY_COMPARE_WITH_TIMEOUT(m_lab->pipelineStatus(1), std::string("success"), 30'000);
}

void TestGitLabPipelines::aDelayedJobStartsByItself()
{
    QVERIFY(m_lab->push("later: {script: x=1, when: delayed, start_in: 2 seconds}\n"));
    QTRY_COMPARE_WITH_TIMEOUT(m_lab->pipelineStatus(1), std::string("success"), 30'000);
}

void TestGitLabPipelines::onlyChangedFilesStartTheirJobs()
{
    const std::string file
        = "always: {script: x=1}\ndocs: {script: x=1, rules: [{changes: [docs/*]}]}\n";
    QVERIFY(m_lab->push(file));
    QTRY_COMPARE_WITH_TIMEOUT(m_lab->pipelineStatus(1), std::string("success"), 30'000);
    QCOMPARE(m_lab->json("GET", "/projects/1/pipelines/1/jobs").size(), 2U); // a new branch: all
    QVERIFY(m_lab->pushFiles({ { "src/a.c", "x" } }));
    QTRY_COMPARE_WITH_TIMEOUT(m_lab->pipelineStatus(2), std::string("success"), 30'000);
    QCOMPARE(m_lab->json("GET", "/projects/1/pipelines/2/jobs").size(), 1U);
    QVERIFY(m_lab->pushFiles({ { "docs/a.md", "x" } }));
    QTRY_COMPARE_WITH_TIMEOUT(m_lab->pipelineStatus(3), std::string("success"), 30'000);
    QCOMPARE(m_lab->json("GET", "/projects/1/pipelines/3/jobs").size(), 2U);
}

void TestGitLabPipelines::jobsOfOneResourceRunOneAfterTheOther()
{
    QVERIFY(m_lab->push("soak:\n  parallel: 2\n  resource_group: rack\n"
                        "  script: ['test ! -e /proc/$PPID/none', sleep 1]\n"));
    QTRY_COMPARE_WITH_TIMEOUT(
        m_lab->jobStatus(1, "soak 2/2"), std::string("waiting_for_resource"), 30'000);
    QCOMPARE(m_lab->json("GET", "/projects/1/resource_groups/rack/upcoming_jobs").size(), 1U);
    QTRY_COMPARE_WITH_TIMEOUT(m_lab->pipelineStatus(1), std::string("success"), 30'000);
    const std::string ended = m_lab->job(1, "soak 1/2").at("finished_at").get<std::string>();
    QVERIFY(m_lab->job(1, "soak 2/2").at("started_at").get<std::string>() >= ended);
}

void TestGitLabPipelines::aScheduleRunsWhenItsTimeHasCome()
{
    QVERIFY(m_lab->push("job: {script: 'echo $KIND'}\n"));
    QTRY_COMPARE_WITH_TIMEOUT(m_lab->pipelineStatus(1), std::string("success"), 30'000);
    const auto made = m_lab->json("POST", "/projects/1/pipeline_schedules",
        R"({"description":"each minute","ref":"main","cron":"* * * * *"})");
    QVERIFY(made.at("next_run_at").is_string());
    const HttpReply variable = m_lab->call(
        "POST", "/projects/1/pipeline_schedules/1/variables", R"({"key":"KIND","value":"soak"})");
    QCOMPARE(variable.status, 201);
    QTRY_COMPARE_WITH_TIMEOUT(
        m_lab->json("GET", "/projects/1/pipeline_schedules/1/pipelines").size() > 0U, true, 90'000);
    QCOMPARE(m_lab->call("DELETE", "/projects/1/pipeline_schedules/1").status, 204);
    QTRY_COMPARE_WITH_TIMEOUT(m_lab->pipelineStatus(2), std::string("success"), 30'000);
    QVERIFY(contains(traceOf(2, "job"), "01O soak"));
    QCOMPARE(m_lab->json("GET", "/projects/1/pipelines/2").at("source").get<std::string>(),
        std::string("schedule"));
}

void TestGitLabPipelines::aHookHearsOfPipelinesAndJobs()
{
    QTcpServer listener;
    QVERIFY(listener.listen(QHostAddress::LocalHost));
    QByteArray heard;
    connect(&listener, &QTcpServer::newConnection, this, [&] {
        QTcpSocket *socket = listener.nextPendingConnection();
        connect(socket, &QTcpSocket::readyRead, socket, [socket, &heard] {
            heard += socket->readAll();
            socket->write("HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
            socket->disconnectFromHost();
        });
    });
    const std::string url = "http://127.0.0.1:" + std::to_string(listener.serverPort()) + "/hear";
    QCOMPARE(m_lab
                 ->call("POST", "/projects/1/hooks",
                     R"({"url":")" + url
                         + R"(","token":"s3cret","job_events":true,"pipeline_events":true})")
                 .status,
        201);
    QVERIFY(m_lab->push("job: {script: x=1}\n"));
    QTRY_VERIFY_WITH_TIMEOUT(heard.contains("\"build_status\":\"success\""), 30'000);
    QTRY_VERIFY_WITH_TIMEOUT(heard.contains("X-Gitlab-Event: Pipeline Hook"), 30'000);
    QVERIFY(heard.contains("POST /hear HTTP/1.1"));
    QVERIFY(heard.contains("X-Gitlab-Token: s3cret"));
    QVERIFY(heard.contains("X-Gitlab-Event: Job Hook"));
    QVERIFY(heard.contains("\"object_kind\":\"pipeline\""));
    QVERIFY(!contains(m_lab->call("GET", "/projects/1/hooks").body, "s3cret"));
}

void TestGitLabPipelines::hooksDoNotLeaveThisMachine()
{
    for (const char *url :
        { "http://192.0.2.1/", "https://127.0.0.1/", "http://127.0.0.1.example.org/",
            "http://127.0.0.1@example.org/", "file:///etc/passwd" })
        QCOMPARE(
            m_lab->call("POST", "/projects/1/hooks", R"({"url":")" + std::string(url) + R"("})")
                .status,
            422);
}

void TestGitLabPipelines::artifactsGoWhenTheirTimeHasCome()
{
    const std::string file
        = "job:\n  script: [echo x > a.txt]\n  artifacts: {paths: [a.txt], expire_in: 1 second}\n";
    QVERIFY(m_lab->push(file));
    QTRY_COMPARE_WITH_TIMEOUT(m_lab->pipelineStatus(1), std::string("success"), 30'000);
    QVERIFY(m_lab->pushFiles({ { "b", "b" } }));
    QTRY_COMPARE_WITH_TIMEOUT(m_lab->pipelineStatus(2), std::string("success"), 30'000);
    QTRY_COMPARE_WITH_TIMEOUT(
        m_lab->call("GET", "/projects/1/jobs/1/artifacts").status, 404, 30'000);
    // Those of the newest successful pipeline stay.
    QTest::qWait(1500);
    QCOMPARE(m_lab->call("GET", "/projects/1/jobs/2/artifacts").status, 200);
    QCOMPARE(m_lab->call("GET", "/projects/1/jobs/artifacts/main/raw/a.txt?job=job").body,
        std::string("x\n"));
}

QTEST_GUILESS_MAIN(TestGitLabPipelines)
#include "tst_gitlab_pipelines.moc"
