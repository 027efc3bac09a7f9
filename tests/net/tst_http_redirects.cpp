// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/net/exchange.h"

#include <QNetworkAccessManager>
#include <QNetworkReply>
#include <QNetworkRequest>
#include <QTemporaryDir>
#include <QTest>

using namespace faultline;
using namespace faultline::tests;
using domain::ErrorKind;
using net::HttpClient;

namespace {

const QList<QByteArray> secretValues{ "canary-token", "canary-job", "canary-basic",
    "canary-cookie" };

net::ServerSettings settingsWithSecrets(const FaultServer &server)
{
    net::ServerSettings settings;
    settings.origin = server.url();
    settings.authHeaders = { net::Header("PRIVATE-TOKEN", "canary-token"),
        net::Header("JOB-TOKEN", "canary-job"), net::Header("Authorization", "Basic canary-basic"),
        net::Header("Cookie", "session=canary-cookie") };
    return settings;
}

bool hasAnySecret(const FaultServer &server)
{
    return std::any_of(secretValues.begin(), secretValues.end(),
        [&server](const QByteArray &secret) { return server.hasReceived(secret); });
}

QUrl at(const FaultServer &server, const char *path)
{
    return server.url().resolved(QUrl(QString::fromLatin1(path)));
}

} // namespace

class TestHttpRedirects : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void secretsStayOnTheOrigin_data();
    void secretsStayOnTheOrigin();
    void plainManagerLeaksTheToken();
    void secretsReachTheSameOrigin();
    void secretsReturnWithTheOriginOnly();
    void bodiesAreNotSentToAnotherOrigin();
    void aMovedChangeNamesTheNewAddress();
    void seeOtherTurnsAChangeIntoARead();
    void downgradeIsRefused();
    void circlesEnd();
    void otherSchemesAreRefused_data();
    void otherSchemesAreRefused();
    void aSignInOnAnotherHostNeedsSignIn();
    void refusalOnAnotherHostTellsWhy();
    void userInfoInARedirectIsDropped();
};

void TestHttpRedirects::secretsStayOnTheOrigin_data()
{
    QTest::addColumn<int>("status");
    for (const int status : { 301, 302, 303, 307, 308 })
        QTest::addRow("%d", status) << status;
}

void TestHttpRedirects::secretsStayOnTheOrigin()
{
    QFETCH(int, status);
    FaultServer origin;
    FaultServer trap;
    origin.answer("/artifacts", redirect(at(trap, "/store/a.zip?signature=1"), status));
    trap.answer("/store/a.zip", plainText("PK-artifact"));
    HttpClient client(settingsWithSecrets(origin));
    net::HttpRequest request = getOf(QStringLiteral("/artifacts"));
    request.expectJson = false;
    const auto answer = answerTo(client, request);
    QVERIFY(answer.has_value());
    QCOMPARE(answer->body, QByteArray("PK-artifact"));
    QCOMPARE(answer->url, at(trap, "/store/a.zip?signature=1"));
    QVERIFY(hasAnySecret(origin));
    QCOMPARE(trap.requestCount(), 1);
    QVERIFY(!hasAnySecret(trap));
}

void TestHttpRedirects::plainManagerLeaksTheToken()
{
    // Negative control: the trap catches what a plain manager with its own redirects sends.
    FaultServer origin;
    FaultServer trap;
    origin.answer("/artifacts", redirect(at(trap, "/store")));
    trap.answer("/store", json("{}"));
    QNetworkAccessManager manager;
    QNetworkRequest request(at(origin, "/artifacts"));
    request.setRawHeader("PRIVATE-TOKEN", "canary-token");
    const std::unique_ptr<QNetworkReply> reply(manager.get(request));
    QTRY_VERIFY(reply->isFinished());
    QVERIFY(hasAnySecret(trap));
}

void TestHttpRedirects::secretsReachTheSameOrigin()
{
    FaultServer origin;
    origin.answer("/a", redirect(at(origin, "/b")));
    Answer relative = plainText("", 307);
    relative.with("Location", "c?x=1");
    origin.answer("/b", relative);
    origin.answer("/c", json("{\"c\":1}"));
    HttpClient client(settingsWithSecrets(origin));
    QVERIFY(answerTo(client, getOf(QStringLiteral("/a"))).has_value());
    QCOMPARE(origin.requests().value(2).header("PRIVATE-TOKEN"), QByteArray("canary-token"));
    QCOMPARE(origin.requests().value(2).query, QByteArray("x=1"));
}

void TestHttpRedirects::secretsReturnWithTheOriginOnly()
{
    FaultServer origin;
    FaultServer trap;
    origin.answer("/a", redirect(at(trap, "/b")));
    trap.answer("/b", redirect(at(origin, "/c")));
    origin.answer("/c", json("{}"));
    HttpClient client(settingsWithSecrets(origin));
    QVERIFY(answerTo(client, getOf(QStringLiteral("/a"))).has_value());
    QVERIFY(!hasAnySecret(trap));
    QCOMPARE(origin.requests().value(1).header("PRIVATE-TOKEN"), QByteArray("canary-token"));
}

void TestHttpRedirects::bodiesAreNotSentToAnotherOrigin()
{
    FaultServer origin;
    FaultServer trap;
    origin.answer("/trigger", redirect(at(trap, "/trigger"), 308));
    HttpClient client(settingsWithSecrets(origin));
    const auto answer = answerTo(client, postOf(QStringLiteral("/trigger"), "token=glptt-canary"));
    QCOMPARE(answer.error().kind, ErrorKind::Invalid);
    QVERIFY(answer.error().message.contains(trap.url().toString()));
    QCOMPARE(trap.acceptedConnections(), 0);
}

void TestHttpRedirects::aMovedChangeNamesTheNewAddress()
{
    FaultServer origin;
    origin.answer("/a", redirect(at(origin, "/b"), 301));
    HttpClient client(settingsWithSecrets(origin));
    QCOMPARE(answerTo(client, postOf(QStringLiteral("/a"))).error().kind, ErrorKind::Invalid);
    origin.answer("/a", redirect(at(origin, "/b"), 308));
    origin.answer("/b", json("{}"));
    QVERIFY(answerTo(client, postOf(QStringLiteral("/a"), "body-1")).has_value());
    QCOMPARE(origin.requests().last().method, QByteArray("POST"));
    QCOMPARE(origin.requests().last().body, QByteArray("body-1"));
}

void TestHttpRedirects::seeOtherTurnsAChangeIntoARead()
{
    FaultServer origin;
    origin.answer("/a", redirect(at(origin, "/b"), 303));
    origin.answer("/b", json("{}"));
    HttpClient client(settingsWithSecrets(origin));
    QVERIFY(answerTo(client, postOf(QStringLiteral("/a"), "body-1")).has_value());
    QCOMPARE(origin.requests().last().method, QByteArray("GET"));
    QCOMPARE(origin.requests().last().body, QByteArray());
}

void TestHttpRedirects::downgradeIsRefused()
{
    const TestAuthority authority;
    QTemporaryDir folder;
    QFile caFile(folder.filePath(QStringLiteral("ca.pem")));
    QVERIFY(caFile.open(QIODevice::WriteOnly));
    caFile.write(authority.certificate());
    caFile.close();
    FaultServer secure(TlsSetup{ authority.issue() });
    FaultServer open;
    secure.answer("/a", redirect(at(open, "/b")));
    net::ServerSettings settings = settingsWithSecrets(secure);
    settings.caFile = caFile.fileName();
    HttpClient client(settings, eager());
    const auto answer = answerTo(client, getOf(QStringLiteral("/a")));
    QCOMPARE(answer.error().kind, ErrorKind::Tls);
    QVERIFY(answer.error().message.contains(QStringLiteral("unprotected")));
    QCOMPARE(open.acceptedConnections(), 0);
}

void TestHttpRedirects::circlesEnd()
{
    FaultServer origin;
    origin.answer("/a", redirect(at(origin, "/a")));
    HttpClient client(settingsWithSecrets(origin));
    QCOMPARE(answerTo(client, getOf(QStringLiteral("/a"))).error().kind, ErrorKind::Server);
    QCOMPARE(origin.requestCount(), 6);
}

void TestHttpRedirects::otherSchemesAreRefused_data()
{
    QTest::addColumn<QByteArray>("target");
    for (const char *target : { "file:///etc/passwd", "ftp://127.0.0.1/x", "javascript:1",
             "http://", "data:text/plain,x" })
        QTest::newRow(target) << QByteArray(target);
}

void TestHttpRedirects::otherSchemesAreRefused()
{
    QFETCH(QByteArray, target);
    FaultServer origin;
    origin.answer("/a", plainText("", 302).with("Location", target));
    HttpClient client(settingsWithSecrets(origin));
    QCOMPARE(answerTo(client, getOf(QStringLiteral("/a"))).error().kind, ErrorKind::Server);
}

void TestHttpRedirects::aSignInOnAnotherHostNeedsSignIn()
{
    FaultServer origin;
    FaultServer identity;
    origin.answer("/api", redirect(at(identity, "/saml?RelayState=1")));
    identity.answer("/saml", html("<title>Sign in to your account</title><form>"));
    HttpClient client(settingsWithSecrets(origin));
    QCOMPARE(answerTo(client, getOf(QStringLiteral("/api"))).error().kind, ErrorKind::Auth);
    QCOMPARE(answerTo(client, getOf(QStringLiteral("/api"))).error().kind, ErrorKind::Auth);
    QCOMPARE(origin.requestCount(), 1);
    QVERIFY(!hasAnySecret(identity));
}

void TestHttpRedirects::refusalOnAnotherHostTellsWhy()
{
    FaultServer origin;
    FaultServer moved;
    origin.answer("/a", redirect(at(moved, "/a")));
    origin.answer("/b", json("{}"));
    moved.answer("/a", json("{\"message\":\"401 Unauthorized\"}", 401));
    HttpClient client(settingsWithSecrets(origin));
    const auto answer = answerTo(client, getOf(QStringLiteral("/a")));
    QCOMPARE(answer.error().kind, ErrorKind::Auth);
    QVERIFY(answer.error().message.contains(QStringLiteral("moved")));
    QVERIFY(answerTo(client, getOf(QStringLiteral("/b"))).has_value()); // our token was not refused
}

void TestHttpRedirects::userInfoInARedirectIsDropped()
{
    FaultServer origin;
    FaultServer trap;
    QUrl target = at(trap, "/b");
    target.setUserInfo(QStringLiteral("me:canary-basic"));
    origin.answer("/a", redirect(target));
    trap.answer("/b", json("{}", 401).with("WWW-Authenticate", "Basic realm=\"x\""));
    HttpClient client(settingsWithSecrets(origin));
    QVERIFY(!answerTo(client, getOf(QStringLiteral("/a"))).has_value());
    QCOMPARE(trap.requestCount(), 1);
    QVERIFY(trap.requests().value(0).header("Authorization").isEmpty());
}

QTEST_GUILESS_MAIN(TestHttpRedirects)
#include "tst_http_redirects.moc"
