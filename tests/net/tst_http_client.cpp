// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/net/exchange.h"

#include <QNetworkAccessManager>
#include <QNetworkReply>
#include <QNetworkRequest>
#include <QTest>

using namespace faultline;
using namespace faultline::tests;
using domain::ErrorKind;
using net::HttpClient;

class TestHttpClient : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void sendsItsOwnNameAcceptAndAuthentication();
    void keepsNoCookies();
    void unpacksGzip();
    void countsUnpackedBytesAgainstTheLimit();
    void stopsReadingAPageThatIsTooLarge();
    void readsASixtyMegabytePage();
    void tellsTheServersWords_data();
    void tellsTheServersWords();
    void namesEachKindOfFailure_data();
    void namesEachKindOfFailure();
    void cutsWordsAndStripsControls();
    void neverRepeatsASecretThatTheServerEchoes();
    void callsAWebPageInsteadOfJsonByName();
    void callsASignInPageNeedsSignIn();
    void sendsNothingAfter401UntilResumed();
    void plainManagerGoesOnSendingADeadToken();
    void aChallengeDoesNotHideTheWords();
    void repeatsAGetAfterAFailure();
    void doesNotRepeatAPost();
    void aPostReachesAResettingServerOnce();
    void plainManagerRepeatsAPost();
    void repeatsAPostThatMayBeRepeated();
    void repeatsAnAnswerThatWasCut_data();
    void repeatsAnAnswerThatWasCut();
    void saysThatAnAnswerWasCut();
    void refusedConnectionIsANetworkError();
    void cancelClosesTheSocket();
    void neverMoreThanEightAtOnce();
    void callbackMayDeleteTheClient();
    void acceptsStatusesThatWereAskedFor();
    void refusesHeadersWithLineBreaks();
    void anchorsLinks_data();
    void anchorsLinks();
};

void TestHttpClient::sendsItsOwnNameAcceptAndAuthentication()
{
    FaultServer server;
    server.answer("/api/v4/user", json("{\"id\":1}"));
    HttpClient client(settingsFor(server), eager());
    const auto answer = answerTo(client, getOf(QStringLiteral("/api/v4/user?a=%2F&b=c+d")));
    QVERIFY(answer.has_value());
    QCOMPARE(answer->status, 200);
    QCOMPARE(answer->body, QByteArray("{\"id\":1}"));
    const Received request = server.requests().value(0);
    QVERIFY(request.header("User-Agent").startsWith("Faultline/"));
    QVERIFY(!request.header("User-Agent").toLower().contains("mozilla"));
    QCOMPARE(request.header("Accept"), QByteArray("application/json"));
    QCOMPARE(request.header("PRIVATE-TOKEN"), QByteArray("glpat-canary-0001"));
    QCOMPARE(request.query, QByteArray("a=%2F&b=c+d"));
}

void TestHttpClient::keepsNoCookies()
{
    FaultServer server;
    Answer withCookie = json("{}");
    withCookie.with("Set-Cookie", "CSRF=abc; Path=/");
    server.answer("/a", withCookie);
    HttpClient client(settingsFor(server), eager());
    QVERIFY(answerTo(client, getOf(QStringLiteral("/a"))).has_value());
    QVERIFY(answerTo(client, postOf(QStringLiteral("/a"))).has_value());
    QVERIFY(!server.hasReceived("CSRF"));
}

void TestHttpClient::unpacksGzip()
{
    FaultServer server;
    Answer packed = json("[\"log log log\"]");
    packed.gzip = true;
    server.answer("/packed", packed);
    HttpClient client(settingsFor(server), eager());
    const auto answer = answerTo(client, getOf(QStringLiteral("/packed")));
    QVERIFY(answer.has_value());
    QCOMPARE(answer->body, QByteArray("[\"log log log\"]"));
    QVERIFY(server.requests().value(0).header("Accept-Encoding").contains("gzip"));
}

void TestHttpClient::countsUnpackedBytesAgainstTheLimit()
{
    FaultServer server;
    Answer bomb = json(QByteArray(1 << 20, ' '));
    bomb.repeat = 200;
    bomb.gzip = true;
    server.answer("/bomb", bomb);
    HttpClient client(settingsFor(server), eager());
    const auto answer = answerTo(client, getOf(QStringLiteral("/bomb")));
    QVERIFY(!answer.has_value());
    QCOMPARE(answer.error().kind, ErrorKind::Server);
    QVERIFY(answer.error().message.contains(QStringLiteral("64 MiB")));
    QCOMPARE(server.requestCount(), 1);
}

void TestHttpClient::stopsReadingAPageThatIsTooLarge()
{
    FaultServer server;
    server.answer("/huge", bigJson(2000));
    HttpClient client(settingsFor(server), eager());
    const auto answer = answerTo(client, getOf(QStringLiteral("/huge")));
    QVERIFY(!answer.has_value());
    QCOMPARE(answer.error().kind, ErrorKind::Server);
    QTRY_COMPARE(server.openConnections(), 0);
}

void TestHttpClient::readsASixtyMegabytePage()
{
    FaultServer server;
    server.answer("/big", bigJson(60));
    HttpClient client(settingsFor(server), eager());
    const auto answer = answerTo(client, getOf(QStringLiteral("/big")));
    QVERIFY(answer.has_value());
    QCOMPARE(answer->body.size(), 60LL * (1 << 20) + 7);
    QVERIFY(answer->body.endsWith("\"end\"]"));
}

void TestHttpClient::tellsTheServersWords_data()
{
    QTest::addColumn<Answer>("answer");
    QTest::addColumn<QString>("words");
    QTest::newRow("GitLab message") << json("{\"message\":\"404 Project Not Found\"}", 404)
                                    << QStringLiteral("404 Project Not Found");
    QTest::newRow("GitLab nested") << json("{\"message\":{\"base\":[\"Reference not found\"]}}",
        400) << QStringLiteral("base: Reference not found");
    QTest::newRow("GitLab scope") << json(
        "{\"error\":\"insufficient_scope\",\"error_description\":\"needs api\"}", 403)
                                  << QStringLiteral("insufficient_scope: needs api");
    QTest::newRow("Rancher") << json(
        "{\"type\":\"error\",\"status\":422,\"code\":\"MissingRequired\","
        "\"message\":\"MissingRequired\",\"detail\":\"name is missing\",\"fieldName\":\"name\"}",
        422) << QStringLiteral("MissingRequired: name is missing: name");
    QTest::newRow("text") << plainText("Retry later\n", 400) << QStringLiteral("Retry later");
    QTest::newRow("HTML") << html("<html><head><title>502 Bad Gateway</title></head>", 400)
                          << QStringLiteral("502 Bad Gateway");
    QTest::newRow("broken JSON") << json("{\"message\":", 400) << QStringLiteral("{\"message\":");
    QTest::newRow("nothing") << json("", 400) << QString();
}

void TestHttpClient::tellsTheServersWords()
{
    QFETCH(Answer, answer);
    FaultServer server;
    server.answer("/x", answer);
    HttpClient client(settingsFor(server), eager());
    const auto result = answerTo(client, getOf(QStringLiteral("/x?secret=1")));
    QVERIFY(!result.has_value());
    QTEST(result.error().serverWords, "words");
    QCOMPARE(result.error().status, answer.status);
    QCOMPARE(result.error().where,
        QStringLiteral("GET ") + server.url().toString() + QStringLiteral("/x"));
}

void TestHttpClient::namesEachKindOfFailure_data()
{
    QTest::addColumn<int>("status");
    QTest::addColumn<int>("kind");
    QTest::addColumn<bool>("mayRetry");
    const auto row = [](int status, ErrorKind kind, bool mayRetry) {
        QTest::addRow("%d", status) << status << static_cast<int>(kind) << mayRetry;
    };
    row(400, ErrorKind::Invalid, false);
    row(401, ErrorKind::Auth, false);
    row(403, ErrorKind::Forbidden, false);
    row(404, ErrorKind::NotFound, false);
    row(405, ErrorKind::Invalid, false);
    row(408, ErrorKind::Timeout, true);
    row(409, ErrorKind::Conflict, false);
    row(412, ErrorKind::Conflict, false);
    row(422, ErrorKind::Invalid, false);
    row(429, ErrorKind::RateLimited, true);
    row(500, ErrorKind::Server, true);
    row(501, ErrorKind::Server, false);
    row(503, ErrorKind::Server, true);
    row(304, ErrorKind::Server, false);
}

void TestHttpClient::namesEachKindOfFailure()
{
    QFETCH(int, status);
    QFETCH(bool, mayRetry);
    FaultServer server;
    server.answer("/x", json("{\"message\":\"no\"}", status));
    HttpClient client(settingsFor(server), eager());
    const auto result = answerTo(client, postOf(QStringLiteral("/x")));
    QVERIFY(!result.has_value());
    QTEST(static_cast<int>(result.error().kind), "kind");
    QCOMPARE(result.error().mayRetry, mayRetry);
    QCOMPARE(server.requestCount(), 1);
}

void TestHttpClient::cutsWordsAndStripsControls()
{
    FaultServer server;
    server.answer("/x",
        plainText(
            "\x1b[31mred\r\n\x07 \xe2\x80\xae" + QByteArray("\xe2\x82\xac").repeated(9000), 400));
    HttpClient client(settingsFor(server), eager());
    const auto result = answerTo(client, getOf(QStringLiteral("/x")));
    const QString words = result.error().serverWords;
    QVERIFY(words.toUtf8().size() <= 4096);
    QVERIFY(words.startsWith(QStringLiteral("[31mred ")));
    for (const QChar c : words)
        QVERIFY(c.isPrint());
}

void TestHttpClient::neverRepeatsASecretThatTheServerEchoes()
{
    FaultServer server;
    server.answer("/x", json("{\"message\":\"bad token glpat-canary-0001\"}", 403));
    HttpClient client(settingsFor(server), eager());
    const auto result = answerTo(client, getOf(QStringLiteral("/x")));
    QVERIFY(!result.error().text().contains(QStringLiteral("canary")));
    QVERIFY(result.error().serverWords.contains(QStringLiteral("***")));
}

void TestHttpClient::callsAWebPageInsteadOfJsonByName()
{
    FaultServer server;
    server.answer("/x", html("<!doctype html><title>Welcome to nginx!</title>"));
    HttpClient client(settingsFor(server), eager());
    const auto result = answerTo(client, getOf(QStringLiteral("/x")));
    QVERIFY(!result.has_value());
    QCOMPARE(result.error().kind, ErrorKind::Server);
    QVERIFY(result.error().message.contains(QStringLiteral("web page instead of JSON")));
    QCOMPARE(result.error().serverWords, QStringLiteral("Welcome to nginx!"));
}

void TestHttpClient::callsASignInPageNeedsSignIn()
{
    FaultServer server;
    server.answer("/api", redirect(server.url().resolved(QUrl(QStringLiteral("/users/sign_in")))));
    server.answer("/users/sign_in", html("<html><title>GitLab</title><input type=\"password\">"));
    HttpClient client(settingsFor(server), eager());
    const auto result = answerTo(client, getOf(QStringLiteral("/api")));
    QVERIFY(!result.has_value());
    QCOMPARE(result.error().kind, ErrorKind::Auth);
    QVERIFY(result.error().message.contains(QStringLiteral("sign-in")));
    const qsizetype before = server.requestCount();
    QCOMPARE(answerTo(client, getOf(QStringLiteral("/api"))).error().kind, ErrorKind::Auth);
    QCOMPARE(server.requestCount(), before);
}

void TestHttpClient::plainManagerGoesOnSendingADeadToken()
{
    // Negative control: without the rule each request carries the dead token.
    FaultServer server;
    server.answer("/x", json("{\"message\":\"401 Unauthorized\"}", 401));
    QNetworkAccessManager manager;
    QNetworkRequest request(server.url().resolved(QUrl(QStringLiteral("/x"))));
    request.setRawHeader("PRIVATE-TOKEN", "glpat-canary-0001");
    for (int i = 0; i < 5; ++i) {
        const std::unique_ptr<QNetworkReply> reply(manager.get(request));
        QTRY_VERIFY(reply->isFinished());
    }
    int withToken = 0;
    for (const Received &received : server.requests())
        withToken += received.header("PRIVATE-TOKEN") == "glpat-canary-0001" ? 1 : 0;
    QCOMPARE(withToken, 5);
}

void TestHttpClient::sendsNothingAfter401UntilResumed()
{
    FaultServer server;
    server.answer("/x", { json("{\"message\":\"401 Unauthorized\"}", 401), json("{}") });
    HttpClient client(settingsFor(server), eager());
    QCOMPARE(answerTo(client, getOf(QStringLiteral("/x"))).error().kind, ErrorKind::Auth);
    for (int i = 0; i < 5; ++i)
        QCOMPARE(answerTo(client, getOf(QStringLiteral("/x"))).error().kind, ErrorKind::Auth);
    QCOMPARE(server.requestCount(), 1);
    client.resume();
    QVERIFY(answerTo(client, getOf(QStringLiteral("/x"))).has_value());
}

void TestHttpClient::aChallengeDoesNotHideTheWords()
{
    FaultServer server;
    Answer challenge = json("{\"type\":\"error\",\"code\":\"Unauthorized\"}", 401);
    challenge.with("WWW-Authenticate", "Basic realm=\"Enter API access key\"");
    server.answer("/x", challenge);
    HttpClient client(settingsFor(server), eager());
    const auto result = answerTo(client, postOf(QStringLiteral("/x")));
    QCOMPARE(result.error().kind, ErrorKind::Auth);
    QCOMPARE(result.error().serverWords, QStringLiteral("Unauthorized"));
    QCOMPARE(server.requestCount(), 1);
}

void TestHttpClient::repeatsAGetAfterAFailure()
{
    FaultServer server;
    server.answer(
        "/x", { json("{}", 500), html("<title>502</title>", 502), json("{\"ok\":true}") });
    HttpClient client(settingsFor(server), eager());
    const auto result = answerTo(client, getOf(QStringLiteral("/x")));
    QVERIFY(result.has_value());
    QCOMPARE(server.requestCount(), 3);
}

void TestHttpClient::doesNotRepeatAPost()
{
    FaultServer server;
    server.answer("/x", { json("{}", 503), json("{}") });
    HttpClient client(settingsFor(server), eager());
    QCOMPARE(answerTo(client, postOf(QStringLiteral("/x"))).error().status, 503);
    QCOMPARE(server.requestCount(), 1);
}

void TestHttpClient::aPostReachesAResettingServerOnce()
{
    FaultServer server;
    server.answer("/x", resetting());
    server.answer("/ok", json("{}"));
    HttpClient client(settingsFor(server), eager());
    QVERIFY(answerTo(client, getOf(QStringLiteral("/ok")))
                .has_value()); // a connection that is kept alive
    QCOMPARE(answerTo(client, postOf(QStringLiteral("/x"), {})).error().kind, ErrorKind::Network);
    QCOMPARE(answerTo(client, postOf(QStringLiteral("/x"), "{\"ref\":\"main\"}")).error().kind,
        ErrorKind::Network);
    QCOMPARE(server.requestCount("/x"), 2);
}

void TestHttpClient::plainManagerRepeatsAPost()
{
    // Negative control: the switch bites, a plain manager starts the same pipeline several times.
    FaultServer server;
    server.answer("/x", resetting());
    QNetworkAccessManager manager;
    QNetworkRequest request(server.url().resolved(QUrl(QStringLiteral("/x"))));
    request.setHeader(QNetworkRequest::ContentTypeHeader, QByteArray("application/json"));
    const std::unique_ptr<QNetworkReply> reply(manager.post(request, QByteArray("{}")));
    QTRY_VERIFY(reply->isFinished());
    QVERIFY2(server.requestCount("/x") > 1, QByteArray::number(server.requestCount("/x")));
}

void TestHttpClient::repeatsAPostThatMayBeRepeated()
{
    FaultServer server;
    server.answer("/x", { json("{}", 503), json("{}") });
    HttpClient client(settingsFor(server), eager());
    net::HttpRequest request = postOf(QStringLiteral("/x"), "{\"a\":1}");
    request.mayRepeat = true;
    QVERIFY(answerTo(client, request).has_value());
    QCOMPARE(server.requests().value(1).body, QByteArray("{\"a\":1}"));
}

void TestHttpClient::repeatsAnAnswerThatWasCut_data()
{
    QTest::addColumn<Answer>("answer");
    QTest::newRow("Content-Length") << truncated("[1,2,3,4,5,6,7,8]", 6);
    QTest::newRow("chunked") << cutChunked("[{\"a\":1},{\"a\":2}");
    Answer packed = truncated(QByteArray("[1,2,3,4]").repeated(10), 20);
    packed.gzip = true;
    QTest::newRow("gzip") << packed;
    QTest::newRow("before the head") << resetting();
    Answer closing = silent();
    closing.then = Answer::Then::Close;
    QTest::newRow("closed before the head") << closing;
    Answer midReset = truncated("[1,2,3,4,5,6,7,8]", 6);
    midReset.then = Answer::Then::Reset;
    QTest::newRow("reset in the body") << midReset;
}

void TestHttpClient::repeatsAnAnswerThatWasCut()
{
    QFETCH(Answer, answer);
    FaultServer server;
    server.answer("/x", { answer, json("[\"whole\"]") });
    HttpClient client(settingsFor(server), eager());
    const auto result = answerTo(client, getOf(QStringLiteral("/x")));
    QVERIFY2(result.has_value(), result ? "" : qPrintable(result.error().text()));
    QCOMPARE(result->body, QByteArray("[\"whole\"]"));
    QVERIFY(server.requestCount() >= 2); // Qt's manager may ask once more by itself
}

void TestHttpClient::saysThatAnAnswerWasCut()
{
    FaultServer server;
    server.answer("/x", truncated("[1,2,3,4,5,6,7,8]", 6));
    server.answer("/y", cutChunked("[{\"a\":1},{\"a\":2}"));
    net::ServerSettings settings = settingsFor(server);
    settings.maxAttempts = 2;
    HttpClient client(settings, eager());
    QCOMPARE(answerTo(client, getOf(QStringLiteral("/x"))).error().kind, ErrorKind::Network);
    QCOMPARE(answerTo(client, getOf(QStringLiteral("/y"))).error().kind, ErrorKind::Network);
    QCOMPARE(server.requestCount("/x"), 2);
    QVERIFY(server.requestCount("/y") >= 2); // Qt's manager may ask once more by itself
}

void TestHttpClient::refusedConnectionIsANetworkError()
{
    net::ServerSettings settings;
    settings.origin = QUrl(QStringLiteral("http://127.0.0.1:%1").arg(closedPort()));
    settings.maxAttempts = 2;
    HttpClient client(settings, eager());
    const auto result = answerTo(client, getOf(QStringLiteral("/")));
    QCOMPARE(result.error().kind, ErrorKind::Network);
    QVERIFY(result.error().message.contains(QStringLiteral("refuses")));
}

void TestHttpClient::cancelClosesTheSocket()
{
    FaultServer server;
    server.answer("/never", silent());
    HttpClient client(settingsFor(server), eager());
    bool answered = false;
    net::Call call
        = client.send(getOf(QStringLiteral("/never")), [&](const auto &) { answered = true; });
    QTRY_COMPARE(server.requestCount(), 1);
    QCOMPARE(server.openConnections(), 1);
    call = net::Call();
    QTRY_COMPARE(server.openConnections(), 0);
    QVERIFY(!answered);
}

void TestHttpClient::neverMoreThanEightAtOnce()
{
    FaultServer server;
    Answer slow = json("{}");
    slow.delay = std::chrono::milliseconds(20);
    server.answer("/x", slow);
    HttpClient client(settingsFor(server), eager());
    std::vector<net::Call> calls;
    int done = 0;
    for (int i = 0; i < 60; ++i)
        calls.push_back(client.send(
            getOf(QStringLiteral("/x")), [&](const auto &result) { done += result ? 1 : 0; }));
    QTRY_COMPARE(done, 60);
    QCOMPARE(server.mostAtOnce(), 8); // two managers: one alone stays at six
    QVERIFY(server.acceptedConnections() <= 8);
}

void TestHttpClient::callbackMayDeleteTheClient()
{
    FaultServer server;
    server.answer("/x", json("{}"));
    server.answer("/never", silent());
    auto client = std::make_unique<HttpClient>(settingsFor(server));
    bool done = false;
    const net::Call other
        = client->send(getOf(QStringLiteral("/never")), [](const auto &) { QFAIL("dropped"); });
    const net::Call call = client->send(getOf(QStringLiteral("/x")), [&](const auto &) {
        client.reset();
        done = true;
    });
    QTRY_VERIFY(done);
    QTRY_COMPARE(server.openConnections(), 0);
}

void TestHttpClient::acceptsStatusesThatWereAskedFor()
{
    FaultServer server;
    Answer notModified = json("", 304);
    notModified.with("ETag", "W/\"1\"");
    server.answer("/x", notModified);
    HttpClient client(settingsFor(server), eager());
    net::HttpRequest request = getOf(QStringLiteral("/x"));
    request.acceptStatuses = { 304, 416 };
    request.headers = { net::Header("If-None-Match", "W/\"1\"") };
    const auto result = answerTo(client, request);
    QVERIFY(result.has_value());
    QCOMPARE(result->status, 304);
    QCOMPARE(server.requests().value(0).header("If-None-Match"), QByteArray("W/\"1\""));
}

void TestHttpClient::refusesHeadersWithLineBreaks()
{
    FaultServer server;
    HttpClient client(settingsFor(server), eager());
    net::HttpRequest request = getOf(QStringLiteral("/x"));
    request.headers = { net::Header("X-A", "b\r\nX-Evil: 1") };
    QCOMPARE(answerTo(client, request).error().kind, ErrorKind::Invalid);
    QCOMPARE(answerTo(client, getOf(QStringLiteral("no-slash"))).error().kind, ErrorKind::Invalid);
    QCOMPARE(server.acceptedConnections(), 0);
}

void TestHttpClient::anchorsLinks_data()
{
    QTest::addColumn<QString>("origin");
    QTest::addColumn<QByteArray>("link");
    QTest::addColumn<QString>("path");
    const QString plain = QStringLiteral("https://rancher.example.org:8080");
    const QString prefixed = QStringLiteral("https://host/gitlab/");
    QTest::newRow("same") << plain
                          << QByteArray("https://rancher.example.org:8080/v2-beta/x?marker=m100")
                          << QStringLiteral("/v2-beta/x?marker=m100");
    QTest::newRow("other scheme and port")
        << plain << QByteArray("http://RANCHER.example.org/v2-beta/x%2Fy")
        << QStringLiteral("/v2-beta/x%2Fy");
    QTest::newRow("relative") << plain << QByteArray("/v2-beta/x") << QStringLiteral("/v2-beta/x");
    QTest::newRow("ws") << plain << QByteArray("ws://rancher.example.org/v1/exec/?token=a")
                        << QStringLiteral("/v1/exec/?token=a");
    QTest::newRow("prefix") << prefixed << QByteArray("https://host/gitlab/api/v4/x")
                            << QStringLiteral("/api/v4/x");
    QTest::newRow("prefix not in link")
        << prefixed << QByteArray("https://host/api/v4/x") << QStringLiteral("/api/v4/x");
    QTest::newRow("only looks like the prefix")
        << prefixed << QByteArray("https://host/gitlabs/x") << QStringLiteral("/gitlabs/x");
    QTest::newRow("other host") << plain << QByteArray("https://evil.example.org/v2-beta/x")
                                << QString();
    QTest::newRow("other host, no scheme")
        << plain << QByteArray("//evil.example.org/x") << QString();
    QTest::newRow("user info") << plain
                               << QByteArray("https://rancher.example.org@evil.example.org/x")
                               << QString();
    QTest::newRow("empty") << plain << QByteArray() << QString();
    QTest::newRow("nonsense") << plain << QByteArray("http://[::1") << QString();
}

void TestHttpClient::anchorsLinks()
{
    QFETCH(QString, origin);
    QFETCH(QByteArray, link);
    net::ServerSettings settings;
    settings.origin = QUrl(origin);
    const HttpClient client(settings, eager());
    QTEST(client.anchored(link).value_or(QString()), "path");
}

QTEST_GUILESS_MAIN(TestHttpClient)
#include "tst_http_client.moc"
