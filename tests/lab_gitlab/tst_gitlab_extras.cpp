// SPDX-License-Identifier: GPL-3.0-or-later
// Release links, process modes, the log of webhooks, pipelines that are canceled by themselves.
#include <QFile>
#include <QTcpServer>
#include <QTcpSocket>
#include <QTest>

#include <thread>

#include "lab_fixture.h"

using namespace faultline::lab;

class TestGitLabExtras : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();
    void linksOfAReleaseFromCreationToRemoval();
    void oldestFirstWaitsForTheOlderPipeline();
    void newestReadyFirstTakesTheNewestThatWaits();
    void aCanceledJobGivesItsResourceBack();
    void deliveriesAreWrittenDownAndSentAgain();
    void aFailedJobCancelsTheOthersWhenAskedTo();
    void aNewCommitCancelsWhatThePipelineItselfAllows_data();
    void aNewCommitCancelsWhatThePipelineItselfAllows();
    void unknownWaysToCancelAreErrors();

private:
    [[nodiscard]] std::int64_t start()
    {
        return m_lab->json("POST", "/projects/1/pipeline", R"({"ref":"main"})")
            .at("id")
            .get<std::int64_t>();
    }
    [[nodiscard]] int status(
        const char *method, const std::string &path, const std::string &body = {})
    {
        return m_lab->call(method, "/projects/1" + path, body).status;
    }
    [[nodiscard]] std::string touched(const char *name) const
    {
        return (m_lab->folder() / name).string();
    }

    std::unique_ptr<LabFixture> m_lab;
};

namespace {

/// A job that runs until a file is there.
std::string waitingScript(const std::string &file)
{
    return "['while [ ! -e " + file + " ]; do sleep 0.1; done']";
}

void touch(const std::string &file)
{
    QFile made(QString::fromStdString(file));
    if (!made.open(QIODevice::WriteOnly))
        qFatal("%s can't be made", file.c_str());
}

} // namespace

void TestGitLabExtras::init()
{
    m_lab = std::make_unique<LabFixture>();
    m_lab->start();
}

void TestGitLabExtras::cleanup()
{
    for (const char *name : { "go-1", "go-2", "go-3", "go" })
        touch(touched(name)); // whatever still waits ends
    m_lab.reset();
}

void TestGitLabExtras::linksOfAReleaseFromCreationToRemoval()
{
    using nlohmann::json;
    QVERIFY(m_lab->pushFiles({ { ".gitlab-ci.yml", "job: {script: 'true'}\n" } }, "One [skip ci]"));
    const std::string host = "https:/"
                             "/example.org/";
    const auto link = [&](const char *name, const char *path) {
        return json{ { "name", name }, { "url", host + path } };
    };
    const json release{ { "tag_name", "v1" }, { "ref", "main" },
        { "assets", { { "links", json::array({ link("a", "a") }) } } } };
    QCOMPARE(status("POST", "/releases", release.dump()), 201);
    const std::string links = "/releases/v1/assets/links";
    const auto post = [&](const json &body) { return status("POST", links, body.dump()); };
    json wanted = link("b", "b");
    wanted["link_type"] = "image";
    wanted["direct_asset_path"] = "/bin/b";
    const auto made = m_lab->json("POST", "/projects/1" + links, wanted.dump());
    QCOMPARE(made.at("link_type").get<std::string>(), std::string("image"));
    QVERIFY(
        made.at("direct_asset_url").get<std::string>().ends_with("/-/releases/v1/downloads/bin/b"));
    const std::string one = links + "/" + made.at("id").dump();
    QCOMPARE(post(link("b", "c")), 400);
    QCOMPARE(post(link("c", "b")), 400);
    QCOMPARE(post(json{ { "name", "c" }, { "url", "javascript:alert(1)" } }), 400);
    QCOMPARE(post(json{ { "name", "c" } }), 400);
    QCOMPARE(status("PUT", one, json{ { "name", "b" }, { "link_type", "wrong" } }.dump()), 400);
    QCOMPARE(status("PUT", one, "{}"), 400);
    const auto changed
        = m_lab->json("PUT", "/projects/1" + one, json{ { "name", "second" } }.dump());
    QCOMPARE(changed.at("name").get<std::string>(), std::string("second"));
    QCOMPARE(m_lab->json("GET", "/projects/1" + links).size(), 2U);
    QCOMPARE(m_lab->json("GET", "/projects/1/releases/v1").at("assets").at("count").get<int>(), 2);
    QCOMPARE(status("DELETE", one), 200);
    QCOMPARE(status("GET", one), 404);
    // An id is never given twice.
    const auto next = m_lab->json("POST", "/projects/1" + links, link("n", "n").dump());
    QVERIFY(next.at("id") > made.at("id"));
    QCOMPARE(status("GET", "/releases/none/assets/links"), 404);
}

void TestGitLabExtras::oldestFirstWaitsForTheOlderPipeline()
{
    QVERIFY(m_lab->push("prepare: {stage: build, script: 'true',\n"
                        "  rules: [{if: '$FIRST', when: manual, allow_failure: false}]}\n"
                        "rack: {stage: test, resource_group: rack, script: 'true'}\n"));
    QTRY_COMPARE_WITH_TIMEOUT(m_lab->pipelineStatus(1), std::string("success"), 30'000);
    QCOMPARE(status("PUT", "/resource_groups/rack", R"({"process_mode":"sideways"})"), 400);
    QCOMPARE(
        m_lab->json("PUT", "/projects/1/resource_groups/rack", R"({"process_mode":"oldest_first"})")
            .at("process_mode")
            .get<std::string>(),
        std::string("oldest_first"));
    const auto older = m_lab
                           ->json("POST", "/projects/1/pipeline",
                               R"({"ref":"main","variables":[{"key":"FIRST","value":"1"}]})")
                           .at("id")
                           .get<std::int64_t>();
    const auto newer = start();
    // The older one's turn has not come yet, and still it is waited for.
    QTRY_COMPARE_WITH_TIMEOUT(
        m_lab->jobStatus(newer, "rack"), std::string("waiting_for_resource"), 30'000);
    const auto coming = m_lab->json("GET", "/projects/1/resource_groups/rack/upcoming_jobs");
    QCOMPARE(coming.at(0).at("pipeline").at("id").get<std::int64_t>(), older);
    const auto prepare = m_lab->job(older, "prepare").at("id").dump();
    QCOMPARE(status("POST", "/jobs/" + prepare + "/play"), 200);
    QTRY_COMPARE_WITH_TIMEOUT(m_lab->pipelineStatus(newer), std::string("success"), 30'000);
    QCOMPARE(m_lab->jobStatus(older, "rack"), std::string("success"));
    QVERIFY(
        m_lab->job(older, "rack").at("finished_at") <= m_lab->job(newer, "rack").at("started_at"));
    QCOMPARE(status("GET", "/resource_groups/nobody"), 404);
    QCOMPARE(m_lab->json("GET", "/projects/1/resource_groups").size(), 1U);
}

void TestGitLabExtras::newestReadyFirstTakesTheNewestThatWaits()
{
    QVERIFY(m_lab->push("rack: {resource_group: rack, script: "
        + waitingScript(touched("go-$CI_PIPELINE_ID")) + "}\n"));
    QTRY_COMPARE_WITH_TIMEOUT(m_lab->jobStatus(1, "rack"), std::string("running"), 30'000);
    QCOMPARE(
        status("PUT", "/resource_groups/rack", R"({"process_mode":"newest_ready_first"})"), 200);
    QCOMPARE(start(), 2);
    QCOMPARE(start(), 3);
    QTRY_COMPARE_WITH_TIMEOUT(
        m_lab->jobStatus(3, "rack"), std::string("waiting_for_resource"), 30'000);
    touch(touched("go-1"));
    QTRY_COMPARE_WITH_TIMEOUT(m_lab->jobStatus(3, "rack"), std::string("running"), 30'000);
    QCOMPARE(m_lab->jobStatus(2, "rack"), std::string("waiting_for_resource"));
}

void TestGitLabExtras::aCanceledJobGivesItsResourceBack()
{
    // No runner takes the first: it holds the resource while it is pending.
    QCOMPARE(m_lab->call("PUT", "/runners/1", R"({"paused":true})").status, 200);
    QCOMPARE(m_lab->call("PUT", "/runners/2", R"({"paused":true})").status, 200);
    QVERIFY(m_lab->push("rack: {resource_group: rack, script: 'true'}\n"));
    QTRY_COMPARE_WITH_TIMEOUT(m_lab->jobStatus(1, "rack"), std::string("pending"), 30'000);
    const auto second = start();
    QTRY_COMPARE_WITH_TIMEOUT(
        m_lab->jobStatus(second, "rack"), std::string("waiting_for_resource"), 30'000);
    QCOMPARE(status("POST", "/pipelines/1/cancel"), 200);
    QTRY_COMPARE_WITH_TIMEOUT(m_lab->jobStatus(second, "rack"), std::string("pending"), 30'000);
}

void TestGitLabExtras::deliveriesAreWrittenDownAndSentAgain()
{
    QTcpServer listener;
    QVERIFY(listener.listen(QHostAddress::LocalHost));
    QByteArray heard;
    connect(&listener, &QTcpServer::newConnection, this, [&] {
        QTcpSocket *socket = listener.nextPendingConnection();
        connect(socket, &QTcpSocket::readyRead, socket, [socket, &heard] {
            heard += socket->readAll();
            socket->write("HTTP/1.1 418 No\r\nX-Tea: green\r\nContent-Length: 5\r\nConnection: "
                          "close\r\n\r\nsorry");
            socket->disconnectFromHost();
        });
    });
    const std::string url = "http:/"
                            "/127.0.0.1:"
        + std::to_string(listener.serverPort()) + "/hear";
    const nlohmann::json hook{ { "url", url }, { "token", "s3cret" }, { "pipeline_events", true } };
    QCOMPARE(status("POST", "/hooks", hook.dump()), 201);
    QVERIFY(m_lab->push("job: {script: 'true'}\n"));
    const auto events = [&](const std::string &query = {}) {
        return m_lab->json("GET", "/projects/1/hooks/1/events" + query);
    };
    QTRY_VERIFY_WITH_TIMEOUT(!events().empty(), 30'000);
    const auto first = events().back();
    QCOMPARE(first.at("response_status").get<std::string>(), std::string("418"));
    QCOMPARE(first.at("response_body").get<std::string>(), std::string("sorry"));
    QCOMPARE(first.at("trigger").get<std::string>(), std::string("pipeline_hooks"));
    QCOMPARE(
        first.at("request_data").at("object_kind").get<std::string>(), std::string("pipeline"));
    QVERIFY(first.dump().find("s3cret") == std::string::npos);
    QVERIFY(events("?status=successful").empty());
    QVERIFY(!events("?status=client_failure").empty());
    const std::string resend = "/hooks/1/events/" + first.at("id").dump() + "/resend";
    // The lab's thread answers when the receiver has, which needs this thread: ask from another.
    const auto sendAgain = [&] {
        HttpReply reply;
        std::thread asking([&] { reply = m_lab->call("POST", "/projects/1" + resend); });
        const bool isDone = QTest::qWaitFor([&] { return reply.status != 0; }, 30'000);
        asking.join();
        return isDone ? reply : HttpReply();
    };
    heard.clear();
    const HttpReply again = sendAgain();
    QCOMPARE(again.status, 201);
    QCOMPARE(nlohmann::json::parse(again.body).at("response_status").get<int>(), 418);
    QVERIFY(heard.contains("X-Gitlab-Token: s3cret"));
    int refused = 0;
    for (int i = 0; i < 6; ++i)
        refused += sendAgain().status == 429 ? 1 : 0;
    QVERIFY(refused >= 1);
    QCOMPARE(status("POST", "/hooks/1/events/9999/resend"), 404);
    QCOMPARE(status("GET", "/hooks/7/events"), 404);
}

void TestGitLabExtras::aFailedJobCancelsTheOthersWhenAskedTo()
{
    QVERIFY(m_lab->push("workflow: {auto_cancel: {on_job_failure: all}}\n"
                        "stages: [test, later]\n"
                        "long: {script: "
        + waitingScript(touched("go"))
        + "}\n"
          "may fail: {script: 'exit 1', allow_failure: true}\n"
          "breaks: {needs: ['may fail'], script: 'exit 1'}\n"
          "after: {stage: later, script: 'true'}\n"));
    QTRY_COMPARE_WITH_TIMEOUT(m_lab->jobStatus(1, "long"), std::string("canceled"), 60'000);
    QCOMPARE(m_lab->jobStatus(1, "breaks"), std::string("failed"));
    QTRY_COMPARE_WITH_TIMEOUT(m_lab->jobStatus(1, "after"), std::string("canceled"), 30'000);
}

void TestGitLabExtras::aNewCommitCancelsWhatThePipelineItselfAllows_data()
{
    QTest::addColumn<QString>("workflow");
    QTest::addColumn<QString>("mayStop");
    QTest::addColumn<QString>("mustRun");
    QTest::newRow("conservative") << QString() << QStringLiteral("running")
                                  << QStringLiteral("running");
    QTest::newRow("interruptible")
        << QStringLiteral("workflow: {auto_cancel: {on_new_commit: interruptible}}\n")
        << QStringLiteral("canceled") << QStringLiteral("running");
    QTest::newRow("none by a rule") << QStringLiteral(
        "workflow: {auto_cancel: {on_new_commit: interruptible},\n"
        "  rules: [{if: '$CI_COMMIT_BRANCH', auto_cancel: {on_new_commit: none}}]}\n")
                                    << QStringLiteral("running") << QStringLiteral("running");
}

void TestGitLabExtras::aNewCommitCancelsWhatThePipelineItselfAllows()
{
    QFETCH(QString, workflow);
    QFETCH(QString, mayStop);
    QFETCH(QString, mustRun);
    const std::string script = waitingScript(touched("go"));
    QVERIFY(m_lab->push(workflow.toStdString() + "may stop: {interruptible: true, script: " + script
        + "}\nmust run: {script: " + script + "}\n"));
    QTRY_COMPARE_WITH_TIMEOUT(m_lab->jobStatus(1, "may stop"), std::string("running"), 30'000);
    QTRY_COMPARE_WITH_TIMEOUT(m_lab->jobStatus(1, "must run"), std::string("running"), 30'000);
    QVERIFY(m_lab->pushFiles(
        { { ".gitlab-ci.yml", "job: {script: 'true', tags: [nowhere]}\n" } }, "Next"));
    QTRY_COMPARE_WITH_TIMEOUT(m_lab->pipelineStatus(2) == "none", false, 30'000);
    QTRY_COMPARE_WITH_TIMEOUT(
        QString::fromStdString(m_lab->jobStatus(1, "may stop")), mayStop, 30'000);
    QCOMPARE(QString::fromStdString(m_lab->jobStatus(1, "must run")), mustRun);
}

void TestGitLabExtras::unknownWaysToCancelAreErrors()
{
    const auto lint = m_lab->json("POST", "/projects/1/ci/lint",
        R"({"content":"workflow: {auto_cancel: {on_new_commit: maybe}}\njob: {script: ls}\n"})");
    QVERIFY(!lint.at("valid").get<bool>());
    const std::string error = lint.at("errors").at(0).get<std::string>();
    QVERIFY2(error.find("workflow:auto_cancel:on_new_commit") != std::string::npos
            && error.find("conservative") != std::string::npos,
        error.c_str());
    // Environments are refused by name, with their line.
    const auto environment = m_lab->json("POST", "/projects/1/ci/lint",
        R"({"content":"job:\n  script: ls\n  environment: production\n"})");
    const std::string words = environment.at("errors").at(0).get<std::string>();
    QVERIFY2(words.find("environment") != std::string::npos && words.find('3') != std::string::npos,
        words.c_str());
}

QTEST_GUILESS_MAIN(TestGitLabExtras)
#include "tst_gitlab_extras.moc"
