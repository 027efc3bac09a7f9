// SPDX-License-Identifier: GPL-3.0-or-later
// Runners from outside, spoken for by this test as gitlab-runner speaks; and the limit of requests.
#include <QTest>

#include "lab_fixture.h"

using namespace faultline::lab;

class TestGitLabRunners : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();
    void aRunnerRegistersWorksAndLeaves();
    void aRegistrationTokenIsEnoughForOlderRunners();
    void aRunnerTakesOnlyJobsOfItsTags();
    void aPausedRunnerGetsNothing();
    void aRunnerThatCantEndInOrderIsCanceledAtOnce();
    void aTraceThatDoesNotFitIsRefusedWithItsSize();
    void anOutsideRunnersJobSurvivesARestartOfTheLab();
    void tooManyRequestsAreToldWhenToComeBack();

private:
    std::string registeredToken(const char *more = "");
    HttpReply asRunner(const char *method, const std::string &path, const nlohmann::json &body,
        HttpClient::Headers headers = {});
    HttpReply requestJob(const std::string &token, bool isGraceful = true);

    std::unique_ptr<LabFixture> m_lab;
};

void TestGitLabRunners::init()
{
    m_lab = std::make_unique<LabFixture>();
}

void TestGitLabRunners::cleanup()
{
    m_lab.reset();
}

HttpReply TestGitLabRunners::asRunner(const char *method, const std::string &path,
    const nlohmann::json &body, HttpClient::Headers headers)
{
    headers.emplace_back("Content-Type", "application/json");
    return m_lab->send(method, path, headers, body.dump());
}

std::string TestGitLabRunners::registeredToken(const char *more)
{
    const auto made = m_lab->json("POST", "/user/runners",
        R"({"runner_type":"project_type","project_id":1)" + std::string(more) + "}");
    return made.at("token").get<std::string>();
}

HttpReply TestGitLabRunners::requestJob(const std::string &token, bool isGraceful)
{
    const nlohmann::json body = { { "token", token }, { "system_id", "s_outside" },
        { "info",
            { { "name", "gitlab-runner" }, { "version", "18.4.0" }, { "platform", "linux" },
                { "architecture", "amd64" }, { "revision", "abc" },
                { "features", { { "cancel_gracefully", isGraceful } } } } } };
    return asRunner("POST", "/jobs/request", body);
}

void TestGitLabRunners::aRunnerRegistersWorksAndLeaves()
{
    m_lab->start(0);
    const std::string token = registeredToken();
    QVERIFY(token.starts_with("glrt-"));
    QCOMPARE(
        asRunner("POST", "/runners/verify", { { "token", token }, { "system_id", "s_outside" } })
            .status,
        200);
    QCOMPARE(asRunner("POST", "/runners/verify", { { "token", "glrt-wrong" } }).status, 403);
    const HttpReply nothing = requestJob(token);
    QCOMPARE(nothing.status, 204);
    QVERIFY(!nothing.header("x-gitlab-last-update").empty());
    QVERIFY(m_lab->push("job: {script: x=1, timeout: 2h}\n"));
    QTRY_COMPARE_WITH_TIMEOUT(m_lab->jobStatus(1, "job"), std::string("pending"), 30'000);
    const auto job = nlohmann::json::parse(requestJob(token).body);
    QCOMPARE(job.at("job_info").at("name").get<std::string>(), std::string("job"));
    QCOMPARE(job.at("runner_info").at("timeout").get<int>(), 7200);
    const std::string jobToken = job.at("token").get<std::string>();
    const HttpReply running
        = asRunner("PUT", "/jobs/1", { { "token", jobToken }, { "state", "running" } });
    QCOMPARE(running.status, 200);
    QCOMPARE(running.header("job-status"), std::string_view("running"));
    const HttpReply patched = m_lab->send("PATCH", "/jobs/1/trace",
        { { "JOB-TOKEN", jobToken }, { "Content-Type", "text/plain" }, { "Content-Range", "0-4" } },
        "hello");
    QCOMPARE(patched.status, 202);
    QCOMPARE(patched.header("range"), std::string_view("0-5"));
    const auto runners = m_lab->json("GET", "/runners?status=online&version_prefix=18.");
    QCOMPARE(runners.size(), 1U);
    QCOMPARE(runners.at(0).at("job_execution_status").get<std::string>(), std::string("active"));
    QCOMPARE(asRunner("PUT", "/jobs/1",
                 { { "token", jobToken }, { "state", "failed" },
                     { "failure_reason", "script_failure" }, { "exit_code", 2 } })
                 .status,
        200);
    QCOMPARE(m_lab->jobStatus(1, "job"), std::string("failed"));
    QCOMPARE(
        asRunner("PUT", "/jobs/1", { { "token", jobToken }, { "state", "running" } }).status, 403);
    QCOMPARE(m_lab->trace(1), std::string("hello"));
    QCOMPARE(m_lab->job(1, "job").at("runner_manager").at("system_id").get<std::string>(),
        std::string("s_outside"));
    QCOMPARE(asRunner("DELETE", "/runners/managers",
                 { { "token", token }, { "system_id", "s_outside" } })
                 .status,
        204);
    QCOMPARE(asRunner("DELETE", "/runners", { { "token", token } }).status, 204);
    QCOMPARE(requestJob(token).status, 403);
    QCOMPARE(m_lab->json("GET", "/runners").size(), 0U);
}

void TestGitLabRunners::aRegistrationTokenIsEnoughForOlderRunners()
{
    m_lab->start(0);
    const std::string token
        = m_lab->json("GET", "/projects/1").at("runners_token").get<std::string>();
    const HttpReply made = asRunner("POST", "/runners",
        { { "token", token }, { "description", "old" }, { "tag_list", "a,b" } });
    QCOMPARE(made.status, 201);
    const auto details = m_lab->json("GET", "/runners/1");
    QCOMPARE(details.at("description").get<std::string>(), std::string("old"));
    QCOMPARE(details.at("tag_list").size(), 2U);
    QCOMPARE(asRunner("POST", "/runners", { { "token", "wrong" } }).status, 403);
}

void TestGitLabRunners::aRunnerTakesOnlyJobsOfItsTags()
{
    m_lab->start(0);
    const std::string plain = registeredToken();
    const std::string tagged
        = registeredToken(R"(,"tag_list":["rack","fast"],"run_untagged":false)");
    QVERIFY(m_lab->push("one: {script: x=1, tags: [rack]}\ntwo: {script: x=1}\n"));
    QTRY_COMPARE_WITH_TIMEOUT(m_lab->jobStatus(1, "two"), std::string("pending"), 30'000);
    QCOMPARE(
        nlohmann::json::parse(requestJob(plain).body).at("job_info").at("name").get<std::string>(),
        std::string("two"));
    QCOMPARE(requestJob(plain).status, 204);
    QCOMPARE(
        nlohmann::json::parse(requestJob(tagged).body).at("job_info").at("name").get<std::string>(),
        std::string("one"));
    QCOMPARE(m_lab->json("GET", "/runners?tag_list=rack").size(), 1U);
}

void TestGitLabRunners::aPausedRunnerGetsNothing()
{
    m_lab->start(0);
    const std::string token = registeredToken();
    QVERIFY(m_lab->push("job: {script: x=1}\n"));
    QTRY_COMPARE_WITH_TIMEOUT(m_lab->jobStatus(1, "job"), std::string("pending"), 30'000);
    QCOMPARE(m_lab->json("PUT", "/runners/1", R"({"paused":true})").at("paused").get<bool>(), true);
    QCOMPARE(requestJob(token).status, 204);
    QCOMPARE(m_lab->json("GET", "/runners?paused=true").size(), 1U);
    QCOMPARE(m_lab->call("PUT", "/runners/1", R"({"paused":false})").status, 200);
    QCOMPARE(requestJob(token).status, 201);
}

void TestGitLabRunners::aRunnerThatCantEndInOrderIsCanceledAtOnce()
{
    m_lab->start(0);
    const std::string token = registeredToken();
    QVERIFY(m_lab->push("job: {script: x=1, parallel: 2}\n"));
    QTRY_COMPARE_WITH_TIMEOUT(m_lab->jobStatus(1, "job 2/2"), std::string("pending"), 30'000);
    QCOMPARE(requestJob(token, false).status, 201);
    // A running job is not canceled by force: it is answered as it is.
    QCOMPARE(m_lab->json("POST", "/projects/1/jobs/1/cancel", R"({"force":true})")
                 .at("status")
                 .get<std::string>(),
        std::string("running"));
    QCOMPARE(m_lab->json("POST", "/projects/1/jobs/1/cancel").at("status").get<std::string>(),
        std::string("canceled"));
    QCOMPARE(requestJob(token, true).status, 201);
    QCOMPARE(m_lab->json("POST", "/projects/1/jobs/2/cancel").at("status").get<std::string>(),
        std::string("canceling"));
    QCOMPARE(m_lab->json("POST", "/projects/1/jobs/2/cancel", R"({"force":true})")
                 .at("status")
                 .get<std::string>(),
        std::string("canceled"));
    QCOMPARE(m_lab->pipelineStatus(1), std::string("canceled"));
}

void TestGitLabRunners::aTraceThatDoesNotFitIsRefusedWithItsSize()
{
    m_lab->start(0);
    const std::string token = registeredToken();
    QVERIFY(m_lab->push("job: {script: x=1}\n"));
    QTRY_COMPARE_WITH_TIMEOUT(m_lab->jobStatus(1, "job"), std::string("pending"), 30'000);
    const std::string jobToken
        = nlohmann::json::parse(requestJob(token).body).at("token").get<std::string>();
    const auto patch = [&](const char *range) {
        HttpClient::Headers headers
            = { { "JOB-TOKEN", jobToken }, { "Content-Type", "text/plain" } };
        if (*range)
            headers.emplace_back("Content-Range", range);
        return m_lab->send("PATCH", "/jobs/1/trace", headers, "12345");
    };
    QCOMPARE(patch("0-4").status, 202);
    const HttpReply refused = patch("3-7");
    QCOMPARE(refused.status, 416);
    QCOMPARE(refused.header("range"), std::string_view("0-5"));
    QCOMPARE(patch("").status, 400);
    QCOMPARE(patch("5-9").status, 202);
    QCOMPARE(m_lab->trace(1), std::string("1234512345"));
}

void TestGitLabRunners::anOutsideRunnersJobSurvivesARestartOfTheLab()
{
    m_lab->start(0);
    const std::string token = registeredToken();
    QVERIFY(m_lab->push("job: {script: x=1}\n"));
    QTRY_COMPARE_WITH_TIMEOUT(m_lab->jobStatus(1, "job"), std::string("pending"), 30'000);
    const std::string jobToken
        = nlohmann::json::parse(requestJob(token).body).at("token").get<std::string>();
    m_lab->stop();
    m_lab->start(0);
    QCOMPARE(m_lab->jobStatus(1, "job"), std::string("running"));
    QCOMPARE(
        asRunner("PUT", "/jobs/1", { { "token", jobToken }, { "state", "success" } }).status, 200);
    QCOMPARE(m_lab->pipelineStatus(1), std::string("success"));
    QCOMPARE(requestJob(token).status, 204);
}

void TestGitLabRunners::tooManyRequestsAreToldWhenToComeBack()
{
    m_lab->requestsPerMinute = 5;
    m_lab->start(0);
    HttpReply last;
    for (int i = 0; i < 12 && last.status != 429; ++i) {
        last = m_lab->call("GET", "/version");
        QCOMPARE(last.header("ratelimit-limit"), std::string_view("5"));
        QVERIFY(!last.header("ratelimit-reset").empty());
    }
    QCOMPARE(last.status, 429);
    QCOMPARE(last.header("ratelimit-remaining"), std::string_view("0"));
    const int wait = std::stoi(std::string(last.header("retry-after")));
    QVERIFY(wait >= 1 && wait <= 60);
    QVERIFY(last.header("ratelimit-resettime").ends_with("GMT"));
    QCOMPARE(last.body, std::string("Retry later\n"));
}

QTEST_GUILESS_MAIN(TestGitLabRunners)
#include "tst_gitlab_runners.moc"
