// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/stacks/rancher_script.h"

#include <QSignalSpy>
#include <QTest>

using namespace faultline;
using namespace faultline::tests;

namespace {

constexpr const char *containerPath = "/v2-beta/projects/1a5/containers/1i33";

QByteArray containerWith(const QByteArray &actions)
{
    return "{\"id\":\"1i33\",\"type\":\"container\",\"state\":\"running\",\"actions\":{" + actions
        + "}}";
}

template <typename T>
domain::Result<T> answerOf(const std::function<net::Call(domain::Done<T>)> &start)
{
    std::optional<domain::Result<T>> out;
    const net::Call call = start([&out](domain::Result<T> result) { out = std::move(result); });
    (void)QTest::qWaitFor([&out] { return out.has_value(); }, 10'000);
    return out.value_or(domain::failure(domain::ErrorKind::Timeout, QStringLiteral("no answer")));
}

} // namespace

class TestRancherBackend : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        server = std::make_unique<FaultServer>();
        backend = rancherBackend(server->url());
    }

    void actionsUseTheResourcesOwnLinkOnOurOrigin()
    {
        server->answer(containerPath,
            json(containerWith("\"restart\":\"http://elsewhere:9/v2-beta/projects/1a5/containers/"
                               "1i33/?action=restart\"")));
        server->answer("/v2-beta/projects/1a5/containers/1i33/", json(containerWith(""), 202));
        const auto result = restart();
        QVERIFY2(result, qPrintable(result ? QString() : result.error().text()));
        QCOMPARE(server->requests().last().query, QByteArray("action=restart"));
        QCOMPARE(server->requests().last().method, QByteArray("POST"));
        QVERIFY(server->requests().last().header("Authorization").startsWith("Basic "));
    }

    void anActionThatTheStateForbidsIsAConflict()
    {
        server->answer(containerPath, json(containerWith("")));
        const auto result = restart();
        QVERIFY(!result);
        QCOMPARE(result.error().kind, domain::ErrorKind::Conflict);
        QCOMPARE(server->requestCount(), 1);
    }

    void aBusyResourceIsReadAgainAndRetried()
    {
        const Answer resource = json(containerWith("\"restart\":\"http://h/v2-beta/act\""));
        server->answer(containerPath, resource);
        const Answer busy = json("{\"type\":\"error\",\"status\":409,\"code\":\"Conflict\"}", 409);
        server->answer("/v2-beta/act", { busy, busy, json(containerWith(""), 202) });
        QVERIFY(restart());
        QCOMPARE(server->requestCount(containerPath), 3);
    }

    void anObjectOfAnotherKindIsNotTouched()
    {
        // Cattle ignores the prefix of an id: asked for 1st5 among services, it answers 1s5.
        server->answer(
            "/v2-beta/projects/1a5/stacks/1s5", json("{\"id\":\"1st5\",\"type\":\"stack\"}"));
        const auto result = answerOf<domain::Stack>([this](auto done) {
            return backend->removeStack(domain::StackId(QStringLiteral("1s5")), done);
        });
        QVERIFY(!result);
        QCOMPARE(result.error().kind, domain::ErrorKind::NotFound);
        QCOMPARE(server->requestCount(), 1); // and no DELETE
    }

    void aStackIsFoundByItsExactName()
    {
        server->answer("/v2-beta/projects/1a5/stacks",
            json("{\"data\":[{\"id\":\"1st1\",\"name\":\"web2\"},{\"id\":\"1st2\",\"name\":\"web\"}"
                 "]}"));
        const auto found = answerOf<domain::Stack>(
            [this](auto done) { return backend->stackByName(QStringLiteral("web"), done); });
        QVERIFY(found);
        QCOMPARE(found->id.value(), QStringLiteral("1st2"));
        const auto missing = answerOf<domain::Stack>(
            [this](auto done) { return backend->stackByName(QStringLiteral("we"), done); });
        QCOMPARE(missing.error().kind, domain::ErrorKind::NotFound);
    }

    void notesOnAServiceLeaveTheOthersAsTheyAre()
    {
        server->answer("/v2-beta/projects/1a5/services/1s3",
            json(R"({"id":"1s3","type":"service","metadata":{"theirs":{"a":[1]},"old":"x","ours":"1"}})"));
        const auto noted = answerOf<domain::Service>([this](auto done) {
            return backend->noteOnService(domain::ServiceId(QStringLiteral("1s3")),
                { { QStringLiteral("ours"), QStringLiteral("2") }, { QStringLiteral("old"), {} } },
                done);
        });
        QVERIFY2(noted, qPrintable(noted ? QString() : noted.error().text()));
        QCOMPARE(noted->metadata.value(QStringLiteral("ours")), QStringLiteral("1")); // as answered
        QCOMPARE(server->requests().last().method, QByteArray("PUT"));
        QCOMPARE(server->requests().last().body,
            QByteArray(R"({"metadata":{"ours":"2","theirs":{"a":[1]}}})"));
    }

    void theOnlyProjectOfAKeyIsFound()
    {
        settings::RancherSettings settings;
        settings.url = server->url();
        stacks::RancherBackend unnamed(settings, "key", "secret");
        server->answer("/v2-beta/projects", json("{\"data\":[{\"id\":\"1a7\",\"name\":\"lab\"}]}"));
        server->answer(
            "/v2-beta/projects/1a7/stacks/1st1", json("{\"id\":\"1st1\",\"name\":\"a\"}"));
        const auto stack = answerOf<domain::Stack>([&unnamed](auto done) {
            return unnamed.stack(domain::StackId(QStringLiteral("1st1")), done);
        });
        QVERIFY2(stack, qPrintable(stack ? QString() : stack.error().text()));
    }

    void severalProjectsWithoutAChoiceAreNamed()
    {
        settings::RancherSettings settings;
        settings.url = server->url();
        stacks::RancherBackend unnamed(settings, "key", "secret");
        server->answer("/v2-beta/projects",
            json("{\"data\":[{\"id\":\"1a7\",\"name\":\"lab\"},{\"id\":\"1a8\",\"name\":\"prod\"}]"
                 "}"));
        const auto result = answerOf<stacks::StackSnapshot>(
            [&unnamed](auto done) { return unnamed.snapshot(done); });
        QVERIFY(!result);
        QCOMPARE(result.error().kind, domain::ErrorKind::Invalid);
        QVERIFY(result.error().message.contains(QStringLiteral("prod")));
    }

    void anExpiredTokenOfATerminalIsToldAsOne()
    {
        server->answer(
            containerPath, json(containerWith("\"execute\":\"http://h/v2-beta/exec-action\"")));
        server->answer("/v2-beta/exec-action",
            json("{\"url\":\"ws://inner:1/v1/exec/\",\"token\":\"canary.jwt\"}"));
        server->answer("/v1/exec/", json("{\"code\":\"Unauthorized\"}", 401));
        const auto terminal = backend->openTerminal(
            domain::ContainerId(QStringLiteral("1i33")), { { QStringLiteral("sh") }, true });
        terminal->write("typed before it was open\n");
        QSignalSpy failed(terminal.get(), &stacks::ContainerTerminal::failed);
        QTRY_COMPARE_WITH_TIMEOUT(failed.size(), 1, 10'000);
        const auto error = failed.first().first().value<domain::Error>();
        QCOMPARE(error.kind, domain::ErrorKind::Auth);
        QVERIFY(error.mayRetry);
        QVERIFY2(error.message.contains(QStringLiteral("expired")), qPrintable(error.text()));
        QVERIFY2(!error.text().contains(QStringLiteral("canary")), qPrintable(error.text()));
        QVERIFY(server->messages().isEmpty());
    }

    void aLogComesFromItsSocketAndItsTokenStaysSecret()
    {
        server->answer(
            containerPath, json(containerWith("\"logs\":\"http://h/v2-beta/logs-action\"")));
        server->answer("/v2-beta/logs-action",
            json("{\"url\":\"ws://inner:1/v1/logs/\",\"token\":\"canary.jwt\"}"));
        WebSocketScript script;
        script.frames
            = { textFrame("01 2026-01-01T00:00:00Z out\n"), textFrame("02 err\n"), textFrame("") };
        script.then = WebSocketScript::Then::Close;
        server->answer("/v1/logs/", webSocket(script));
        const auto log = backend->openLog(domain::ContainerId(QStringLiteral("1i33")), {});
        QSignalSpy received(log.get(), &stacks::ContainerLog::received);
        QSignalSpy ended(log.get(), &stacks::ContainerLog::ended);
        QTRY_COMPARE(ended.size(), 1);
        QCOMPARE(received.size(), 2);
        QCOMPARE(received[1][1].toByteArray(), QByteArray("err\n"));
        QCOMPARE(received[1][0].value<stacks::LogChannel>(), stacks::LogChannel::Stderr);
    }

    void aRefusedLogSocketFailsWithoutItsToken()
    {
        server->answer(
            containerPath, json(containerWith("\"logs\":\"http://h/v2-beta/logs-action\"")));
        server->answer("/v2-beta/logs-action",
            json("{\"url\":\"ws://inner:1/v1/logs/\",\"token\":\"canary.jwt\"}"));
        server->answer("/v1/logs/", plainText("Invalid backend host canary.jwt", 401));
        const auto log = backend->openLog(domain::ContainerId(QStringLiteral("1i33")), {});
        QSignalSpy failed(log.get(), &stacks::ContainerLog::failed);
        QTRY_COMPARE(failed.size(), 1);
        const auto error = failed[0][0].value<domain::Error>();
        QVERIFY2(!error.where.contains(QStringLiteral("canary")), qPrintable(error.text()));
        QVERIFY(!error.message.contains(QStringLiteral("canary")));
    }

    void droppingTheCallDropsTheAnswer()
    {
        Answer slow = json(containerWith(""));
        slow.delay = std::chrono::milliseconds(200);
        server->answer(containerPath, slow);
        bool answered = false;
        {
            const net::Call call = backend->container(domain::ContainerId(QStringLiteral("1i33")),
                [&answered](auto) { answered = true; });
            QTRY_COMPARE(server->requestCount(), 1);
        }
        QTest::qWait(400);
        QVERIFY(!answered);
    }

private:
    domain::Result<domain::Container> restart()
    {
        return answerOf<domain::Container>([this](auto done) {
            return backend->runOnContainer(domain::ContainerId(QStringLiteral("1i33")),
                stacks::ContainerAction::Restart, done);
        });
    }

    std::unique_ptr<FaultServer> server;
    std::unique_ptr<stacks::RancherBackend> backend;
};

QTEST_GUILESS_MAIN(TestRancherBackend)
#include "tst_rancher_backend.moc"
