// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/net/web_socket.h"
#include "tests/net/exchange.h"

#include <QCryptographicHash>
#include <QElapsedTimer>
#include <QSslCertificate>
#include <QTemporaryDir>
#include <QTest>
#include <QWebSocket>

using namespace faultline;
using namespace faultline::tests;
using domain::ErrorKind;
using net::WebSocket;

namespace {

constexpr const char *path = "/v2-beta/subscribe";

/// What one socket told, in order.
struct Record
{
    explicit Record(WebSocket &socket)
    {
        QObject::connect(&socket, &WebSocket::opened, &socket, [this] { ++opened; });
        QObject::connect(&socket, &WebSocket::closed, &socket, [this] { ++closed; });
        QObject::connect(&socket, &WebSocket::textReceived, &socket,
            [this](const QString &text) { texts << text; });
        QObject::connect(&socket, &WebSocket::binaryReceived, &socket,
            [this](const QByteArray &bytes) { binaries << bytes; });
        QObject::connect(&socket, &WebSocket::failed, &socket,
            [this](const domain::Error &error) { errors << error; });
    }

    [[nodiscard]] qsizetype ends() const { return closed + errors.size(); }
    [[nodiscard]] ErrorKind kind() const
    {
        return errors.isEmpty() ? ErrorKind::Cancelled : errors.first().kind;
    }

    int opened = 0;
    int closed = 0;
    QStringList texts;
    QList<QByteArray> binaries;
    QList<domain::Error> errors;
};

WebSocketScript scriptOf(
    const QList<QByteArray> &frames, WebSocketScript::Then then = WebSocketScript::Then::Stay)
{
    WebSocketScript script;
    script.frames = frames;
    script.then = then;
    return script;
}

} // namespace

class TestWebSocket : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void carriesTextAndBinaryBothWays();
    void sendsAuthenticationOnlyWhenTold();
    void joinsFragments();
    void closingInOrderIsNoError();
    void closingInAHurryIsNoError();
    void eachEndIsToldOnce_data();
    void eachEndIsToldOnce();
    void invalidUtf8IsNamed();
    void tooLongAMessageIsNamed();
    void refusedHandshakeTellsTheServersWords_data();
    void refusedHandshakeTellsTheServersWords();
    void refusedConnectionIsANetworkError();
    void silentPeerEndsWithinTheWatchdog_data();
    void silentPeerEndsWithinTheWatchdog();
    void plainSocketNeverNoticesASilentPeer();
    void framesFeedTheWatchdog();
    void pingsKeepAQuietSocketAndEndADeadOne();
    void unansweredHandshakeEndsInTime();
    void badCertificatesAreRefusedBeforeAByteIsSent();
    void trustedCertificatesWork();
    void destroyingItClosesTheSocketSilently();
    void itMayBeDeletedInEachSignal_data();
    void itMayBeDeletedInEachSignal();
    void redirectsAreNotFollowedWithSecrets();
    void invalidAddressIsToldLater();
};

void TestWebSocket::carriesTextAndBinaryBothWays()
{
    FaultServer server;
    WebSocketScript script = scriptOf(
        { textFrame("{\"name\":\"ping\"}"), textFrame(""), binaryFrame(QByteArray("\0\xff", 2)) });
    script.echoes = true;
    server.answer(path, webSocket(script));
    WebSocket socket(settingsFor(server),
        QString::fromLatin1(path) + QStringLiteral("?eventNames=resource.change"), true);
    const Record record(socket);
    socket.open();
    QTRY_COMPARE(record.texts, (QStringList{ QStringLiteral("{\"name\":\"ping\"}"), QString() }));
    QTRY_COMPARE(record.binaries, QList<QByteArray>{ QByteArray("\0\xff", 2) });
    socket.sendText(QStringLiteral(":resizeTTY:80,25 é"));
    socket.sendBinary("raw");
    QTRY_COMPARE(record.texts.size(), 3);
    QCOMPARE(record.texts.last(), QStringLiteral(":resizeTTY:80,25 é"));
    QTRY_COMPARE(record.binaries.size(), 2);
    server.sendFrame(path, textFrame("later"));
    QTRY_COMPARE(record.texts.last(), QStringLiteral("later"));
    QCOMPARE(record.opened, 1);
    QCOMPARE(record.ends(), 0);
    QCOMPARE(server.requests().value(0).query, QByteArray("eventNames=resource.change"));
    QVERIFY(server.requests().value(0).header("User-Agent").startsWith("Faultline/"));
}

void TestWebSocket::sendsAuthenticationOnlyWhenTold()
{
    for (const bool sendAuth : { true, false }) {
        FaultServer server;
        server.answer(path, webSocket({}));
        WebSocket socket(settingsFor(server), QString::fromLatin1(path), sendAuth);
        const Record record(socket);
        socket.open();
        QTRY_COMPARE(record.opened, 1);
        QCOMPARE(server.hasReceived("glpat-canary-0001"), sendAuth);
    }
}

void TestWebSocket::joinsFragments()
{
    FaultServer server;
    server.answer(
        path, webSocket(scriptOf({ textFrame("one ", false), frame(9, "ping"), frame(0, "two") })));
    WebSocket socket(settingsFor(server), QString::fromLatin1(path), true);
    const Record record(socket);
    socket.open();
    QTRY_COMPARE(record.texts, QStringList{ QStringLiteral("one two") });
}

void TestWebSocket::closingInOrderIsNoError()
{
    for (const int code : { 1000, 1001 }) {
        FaultServer server;
        WebSocketScript script = scriptOf({ textFrame("last") }, WebSocketScript::Then::Close);
        script.closeCode = code;
        server.answer(path, webSocket(script));
        WebSocket socket(settingsFor(server), QString::fromLatin1(path), true);
        const Record record(socket);
        socket.open();
        QTRY_COMPARE(record.closed, 1);
        QCOMPARE(record.texts.size(), 1);
        QCOMPARE(record.errors.size(), 0);
    }
}

void TestWebSocket::closingInAHurryIsNoError()
{
    // Servers that end the connection right behind their close frame.
    FaultServer server;
    server.answer(path, webSocket(scriptOf({ frame(8, "\x03\xe8") }, WebSocketScript::Then::End)));
    WebSocket socket(settingsFor(server), QString::fromLatin1(path), true);
    const Record record(socket);
    socket.open();
    QTRY_COMPARE(record.closed, 1);
    QCOMPARE(record.errors.size(), 0);
}

void TestWebSocket::eachEndIsToldOnce_data()
{
    QTest::addColumn<WebSocketScript>("script");
    QTest::addColumn<int>("kind");
    const auto closing = [](int code) {
        WebSocketScript script = scriptOf({}, WebSocketScript::Then::Close);
        script.closeCode = code;
        script.closeReason = "because\x07";
        return script;
    };
    QTest::newRow("1011") << closing(1011) << static_cast<int>(ErrorKind::Server);
    QTest::newRow("1008") << closing(1008) << static_cast<int>(ErrorKind::Forbidden);
    QTest::newRow("reset") << scriptOf({}, WebSocketScript::Then::Vanish)
                           << static_cast<int>(ErrorKind::Network);
    QTest::newRow("ended without a close frame")
        << scriptOf({}, WebSocketScript::Then::End) << static_cast<int>(ErrorKind::Network);
    QTest::newRow("reserved opcode")
        << scriptOf({ frame(11, "x") }) << static_cast<int>(ErrorKind::Server);
}

void TestWebSocket::eachEndIsToldOnce()
{
    QFETCH(WebSocketScript, script);
    FaultServer server;
    server.answer(path, webSocket(script));
    WebSocket socket(settingsFor(server), QString::fromLatin1(path), true);
    const Record record(socket);
    socket.open();
    QTRY_COMPARE(record.errors.size(), 1);
    QTEST(static_cast<int>(record.kind()), "kind");
    QVERIFY(record.errors.first().where.startsWith(QStringLiteral("GET ws://127.0.0.1")));
    QTRY_COMPARE(server.openConnections(), 0);
    QCOMPARE(record.ends(), 1);
}

void TestWebSocket::invalidUtf8IsNamed()
{
    FaultServer server;
    server.answer(path, webSocket(scriptOf({ textFrame("good"), textFrame("caf\xe9") })));
    WebSocket socket(settingsFor(server), QString::fromLatin1(path), true);
    const Record record(socket);
    socket.open();
    QTRY_COMPARE(record.ends(), 1);
    QCOMPARE(record.texts, QStringList{ QStringLiteral("good") });
    QCOMPARE(record.kind(), ErrorKind::Server);
    QVERIFY(record.errors.first().message.contains(QStringLiteral("UTF-8")));
}

void TestWebSocket::tooLongAMessageIsNamed()
{
    FaultServer server;
    server.answer(path, webSocket(scriptOf({ textFrame(QByteArray(2000, 'x')) })));
    WebSocket socket(settingsFor(server), QString::fromLatin1(path), true);
    socket.setMaxFrame(1000);
    const Record record(socket);
    socket.open();
    QTRY_COMPARE(record.ends(), 1);
    QCOMPARE(record.kind(), ErrorKind::Server);
    QVERIFY2(record.errors.first().message.contains(QStringLiteral("larger")),
        qPrintable(record.errors.first().message));
}

void TestWebSocket::refusedHandshakeTellsTheServersWords_data()
{
    QTest::addColumn<Answer>("answer");
    QTest::addColumn<int>("kind");
    QTest::addColumn<QString>("words");
    QTest::newRow("401") << json(
        "{\"type\":\"error\",\"status\":401,\"message\":\"Unauthorized\"}", 401)
                         << static_cast<int>(ErrorKind::Auth) << QStringLiteral("Unauthorized");
    QTest::newRow("403") << json("{\"message\":\"Forbidden here\"}", 403)
                         << static_cast<int>(ErrorKind::Forbidden)
                         << QStringLiteral("Forbidden here");
    QTest::newRow("404") << json("{\"message\":\"no such project\"}", 404)
                         << static_cast<int>(ErrorKind::NotFound)
                         << QStringLiteral("no such project");
    QTest::newRow("502 page") << html("<title>502 Bad Gateway</title>", 502)
                              << static_cast<int>(ErrorKind::Server)
                              << QStringLiteral("502 Bad Gateway");
    QTest::newRow("200 instead") << json("{}") << static_cast<int>(ErrorKind::Server) << QString();
}

void TestWebSocket::refusedHandshakeTellsTheServersWords()
{
    QFETCH(Answer, answer);
    FaultServer server;
    server.answer(path, answer);
    WebSocket socket(
        settingsFor(server), QString::fromLatin1(path) + QStringLiteral("?token=secret-1"), true);
    const Record record(socket);
    socket.open();
    QTRY_COMPARE(record.ends(), 1);
    QTEST(static_cast<int>(record.kind()), "kind");
    QTEST(record.errors.first().serverWords, "words");
    QVERIFY(!record.errors.first().text().contains(QStringLiteral("secret-1")));
    QCOMPARE(record.opened, 0);
    QCOMPARE(server.requestCount(), 2);
    QCOMPARE(server.requests().value(1).header("Upgrade"), QByteArray());
}

void TestWebSocket::refusedConnectionIsANetworkError()
{
    net::ServerSettings settings;
    settings.origin = QUrl(QStringLiteral("http://127.0.0.1:%1").arg(closedPort()));
    WebSocket socket(settings, QStringLiteral("/x"), true);
    const Record record(socket);
    socket.open();
    QTRY_COMPARE(record.ends(), 1);
    QCOMPARE(record.kind(), ErrorKind::Network);
    QVERIFY(record.errors.first().mayRetry);
}

void TestWebSocket::silentPeerEndsWithinTheWatchdog_data()
{
    QTest::addColumn<WebSocketScript>("script");
    QTest::newRow("silent from the start") << scriptOf({});
    QTest::newRow("silent after a frame") << scriptOf({ textFrame("hello") });
    QTest::newRow("stops reading and writing")
        << scriptOf({ textFrame("hello") }, WebSocketScript::Then::Hang);
}

void TestWebSocket::silentPeerEndsWithinTheWatchdog()
{
    QFETCH(WebSocketScript, script);
    FaultServer server;
    server.answer(path, webSocket(script));
    WebSocket socket(settingsFor(server), QString::fromLatin1(path), true);
    socket.setWatchdog(std::chrono::milliseconds(500));
    const Record record(socket);
    socket.open();
    QTRY_COMPARE(record.opened, 1);
    QElapsedTimer timer;
    timer.start();
    QTRY_COMPARE(record.ends(), 1);
    QCOMPARE(record.kind(), ErrorKind::Timeout);
    QVERIFY(record.errors.first().message.contains(QStringLiteral("silent")));
    QVERIFY2(timer.elapsed() >= 400 && timer.elapsed() < 1000, QByteArray::number(timer.elapsed()));
    QTRY_COMPARE(server.openConnections(), 0);
}

void TestWebSocket::plainSocketNeverNoticesASilentPeer()
{
    // Negative control: without a watchdog the connection looks well.
    FaultServer server;
    server.answer(path, webSocket(scriptOf({ textFrame("hello") }, WebSocketScript::Then::Hang)));
    QWebSocket socket;
    bool ended = false;
    connect(&socket, &QWebSocket::disconnected, this, [&ended] { ended = true; });
    QUrl url = server.url();
    url.setScheme(QStringLiteral("ws"));
    url.setPath(QString::fromLatin1(path));
    socket.open(url);
    QVERIFY(!QTest::qWaitFor([&ended] { return ended; }, 1500));
    QVERIFY(socket.isValid());
}

void TestWebSocket::framesFeedTheWatchdog()
{
    FaultServer server;
    server.answer(path, webSocket({}));
    WebSocket socket(settingsFor(server), QString::fromLatin1(path), true);
    socket.setWatchdog(std::chrono::milliseconds(600));
    const Record record(socket);
    QTimer pings;
    connect(&pings, &QTimer::timeout, &socket,
        [&server] { server.sendFrame(path, textFrame("ping")); });
    pings.start(100);
    socket.open();
    QTRY_VERIFY_WITH_TIMEOUT(record.texts.size() >= 15, 10'000);
    QCOMPARE(record.ends(), 0);
}

void TestWebSocket::pingsKeepAQuietSocketAndEndADeadOne()
{
    FaultServer server;
    server.answer("/quiet", webSocket({}));
    WebSocketScript deaf;
    deaf.answersPings = false;
    server.answer("/deaf", webSocket(deaf));
    WebSocket quiet(settingsFor(server), QStringLiteral("/quiet"), true);
    WebSocket dead(settingsFor(server), QStringLiteral("/deaf"), true);
    const Record recordOfQuiet(quiet);
    const Record recordOfDead(dead);
    for (WebSocket *socket : { &quiet, &dead }) {
        socket->setPing(std::chrono::milliseconds(200));
        socket->open();
    }
    QTRY_COMPARE(recordOfDead.ends(), 1);
    QCOMPARE(recordOfDead.kind(), ErrorKind::Timeout);
    QCOMPARE(recordOfQuiet.opened, 1);
    QCOMPARE(recordOfQuiet.ends(), 0);
}

void TestWebSocket::unansweredHandshakeEndsInTime()
{
    FaultServer server;
    server.answer(path, silent());
    net::ServerSettings settings = settingsFor(server);
    settings.connectTimeout = std::chrono::milliseconds(300);
    WebSocket socket(settings, QString::fromLatin1(path), true);
    const Record record(socket);
    socket.open();
    QTRY_COMPARE(record.ends(), 1);
    QCOMPARE(record.kind(), ErrorKind::Timeout);
    QTRY_COMPARE(server.openConnections(), 0);
}

void TestWebSocket::badCertificatesAreRefusedBeforeAByteIsSent()
{
    FaultServer server(TlsSetup{ selfSigned() });
    server.answer(path, webSocket({}));
    WebSocket socket(settingsFor(server), QString::fromLatin1(path), true);
    const Record record(socket);
    socket.open();
    QTRY_COMPARE(record.ends(), 1);
    QCOMPARE(record.kind(), ErrorKind::Tls);
    QVERIFY2(record.errors.first().message.contains(QStringLiteral("self-signed")),
        qPrintable(record.errors.first().message));
    QTRY_COMPARE(server.openConnections(), 0);
    QCOMPARE(server.receivedBytes(), 0);
}

void TestWebSocket::trustedCertificatesWork()
{
    const TestAuthority authority;
    QTemporaryDir folder;
    QFile file(folder.filePath(QStringLiteral("ca.pem")));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(authority.certificate());
    file.close();
    const TlsIdentity own = selfSigned();
    for (const bool byFingerprint : { true, false }) {
        FaultServer server(TlsSetup{ byFingerprint ? own : authority.issue() });
        server.answer(path, webSocket({}));
        net::ServerSettings settings = settingsFor(server);
        if (byFingerprint)
            settings.trustedFingerprint = QString::fromLatin1(
                QSslCertificate(own.certificate).digest(QCryptographicHash::Sha256).toHex());
        else
            settings.caFile = file.fileName();
        WebSocket socket(settings, QString::fromLatin1(path), true);
        const Record record(socket);
        socket.open();
        QTRY_COMPARE(record.opened, 1);
        QVERIFY(server.hasReceived("glpat-canary-0001"));
    }
}

void TestWebSocket::destroyingItClosesTheSocketSilently()
{
    FaultServer server;
    server.answer(path, webSocket({}));
    auto socket = std::make_unique<WebSocket>(settingsFor(server), QString::fromLatin1(path), true);
    const Record record(*socket);
    socket->open();
    QTRY_COMPARE(record.opened, 1);
    socket.reset();
    QTRY_COMPARE(server.openConnections(), 0);
    QCOMPARE(record.ends(), 0);
}

void TestWebSocket::itMayBeDeletedInEachSignal_data()
{
    QTest::addColumn<Answer>("answer");
    QTest::newRow("opened, text") << webSocket(scriptOf({ textFrame("a"), textFrame("b") }));
    QTest::newRow("closed") << webSocket(scriptOf({}, WebSocketScript::Then::Close));
    QTest::newRow("invalid") << webSocket(scriptOf({ textFrame("caf\xe9"), textFrame("b") }));
    QTest::newRow("refused") << json("{}", 403);
}

void TestWebSocket::itMayBeDeletedInEachSignal()
{
    QFETCH(Answer, answer);
    for (int which = 0; which < 2; ++which) {
        FaultServer server;
        server.answer(path, answer);
        auto socket
            = std::make_unique<WebSocket>(settingsFor(server), QString::fromLatin1(path), true);
        bool isGone = false;
        const auto drop = [&] {
            socket.reset();
            isGone = true;
        };
        if (which == 0)
            connect(socket.get(), &WebSocket::opened, this, drop);
        connect(socket.get(), &WebSocket::textReceived, this, drop);
        connect(socket.get(), &WebSocket::closed, this, drop);
        connect(socket.get(), &WebSocket::failed, this, drop);
        socket->open();
        QTRY_VERIFY(isGone);
        QTRY_COMPARE(server.openConnections(), 0);
    }
}

void TestWebSocket::redirectsAreNotFollowedWithSecrets()
{
    FaultServer server;
    FaultServer trap;
    server.answer(path, redirect(trap.url().resolved(QUrl(QStringLiteral("/x")))));
    WebSocket socket(settingsFor(server), QString::fromLatin1(path), true);
    const Record record(socket);
    socket.open();
    QTRY_COMPARE(record.ends(), 1);
    QVERIFY(record.errors.first().message.contains(QStringLiteral("redirects")));
    QCOMPARE(trap.acceptedConnections(), 0);
}

void TestWebSocket::invalidAddressIsToldLater()
{
    net::ServerSettings settings;
    settings.origin = QUrl(QStringLiteral("ftp://127.0.0.1"));
    WebSocket socket(settings, QStringLiteral("/x"), true);
    const Record record(socket);
    socket.open();
    QCOMPARE(record.ends(), 0);
    QTRY_COMPARE(record.ends(), 1);
    QCOMPARE(record.kind(), ErrorKind::Invalid);
}

QTEST_GUILESS_MAIN(TestWebSocket)
#include "tst_web_socket.moc"
