// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/lab/http/http_server.h"
#include "services/lab/http/workers.h"

#include <QElapsedTimer>
#include <QSignalSpy>
#include <QTcpSocket>
#include <QTest>
#include <QWebSocket>

#include <atomic>

using namespace faultline::lab;

namespace {

Response text(std::string body)
{
    Response response;
    response.contentType = "text/plain";
    response.body = std::move(body);
    return response;
}

/// A server with a few routes that tests talk to with plain sockets.
class TestServer
{
public:
    explicit TestServer(ServerOptions options = {})
    {
        options.port = 0;
        router.add("GET", "/hello",
            [](const Request &, const Responder &responder) { responder.reply(text("hello")); });
        router.add("POST", "/echo", [](const Request &request, const Responder &responder) {
            responder.reply(text(request.body));
        });
        router.add("POST", "/small",
            [](const Request &, const Responder &responder) { responder.reply(text("small")); },
            { false, 10 });
        router.add("GET", "/later", [this](const Request &, const Responder &responder) {
            workers.run([responder] { responder.reply(text("later")); });
        });
        router.add("GET", "/forgotten", [](const Request &, const Responder &) {});
        router.addErrorWriter("/", [](const Request &, int status) {
            Response response = text("error " + std::to_string(status));
            response.status = status;
            return response;
        });
        router.addGuard("/locked", [](const Request &) {
            Response response = text("locked");
            response.status = 401;
            return std::optional<Response>(response);
        });
        const auto accept = [](const Request &request) {
            Response response;
            response.status = request.hasQuery("no") ? 403 : 101;
            return response;
        };
        router.addSocket("/socket", accept,
            [this](const Request &, const std::shared_ptr<WebSocketSession> &session) {
                last = session;
                session->onText = [session = std::weak_ptr(session)](std::string_view message) {
                    if (const auto strong = session.lock())
                        strong->sendText(std::string(message));
                };
                session->onClosed = [this] { closed = true; };
                session->sendText("welcome");
            });
        server = std::make_unique<Server>(options, router);
        port = server->listen().value_or(0);
        server->start();
    }

    ~TestServer()
    {
        workers.stop();
        server->stop();
    }

    Router router;
    Workers workers{ 2 };
    std::unique_ptr<Server> server;
    std::uint16_t port = 0;
    std::weak_ptr<WebSocketSession> last;
    std::atomic_bool closed = false;
};

/// Sends bytes and gives all that comes back until the server closes, or `until` has come.
QByteArray converse(
    std::uint16_t port, const QByteArray &bytes, const QByteArray &until = {}, int times = 1)
{
    QTcpSocket socket;
    socket.connectToHost(QStringLiteral("127.0.0.1"), port);
    if (!socket.waitForConnected(5000))
        return "no connection";
    socket.write(bytes);
    QByteArray answer;
    QElapsedTimer clock;
    clock.start();
    while (clock.elapsed() < 10'000 && socket.state() == QAbstractSocket::ConnectedState) {
        socket.waitForReadyRead(100);
        answer += socket.readAll();
        if (!until.isEmpty() && answer.count(until) >= times)
            break;
    }
    return answer + socket.readAll();
}

QByteArray get(std::uint16_t port, const QByteArray &path, const QByteArray &headers = {})
{
    return "GET " + path + " HTTP/1.1\r\nHost: 127.0.0.1:" + QByteArray::number(port) + "\r\n"
        + headers + "\r\n";
}

const QByteArray closeAfter = "Connection: close\r\n";

} // namespace

class HttpServerTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void pipelinedRequestsAreAnsweredInOrder();
    void workersAnswerLater();
    void headHasNoBody();
    void unknownPathsGetTheirPrefixesError();
    void aHandlerThatForgetsIs500();
    void bodiesOverTheLimitAreRefusedBeforeTheyCome();
    void aChunkedBodyOverTheLimitIsRefused();
    void guardsRefuseBeforeTheBody();
    void foreignHostsAndOriginsAreForbidden();
    void slowHeadersAreCutAndOthersGoOn();
    void tooLargeHeadersAre431();
    void garbageIs400();
    void connectionsOverTheMaximumAreClosed();
    void theServerStaysOnLoopback();
    void aTakenPortIsSaid();
    void socketsTalkBothWays();
    void refusedUpgradesKeepTheirStatus();
    void aReaderThatNeverReadsIsDropped();
    void stoppingCutsEverything();
};

void HttpServerTest::pipelinedRequestsAreAnsweredInOrder()
{
    TestServer lab;
    const QByteArray answer = converse(lab.port,
        get(lab.port, "/later") + get(lab.port, "/hello") + get(lab.port, "/none", closeAfter));
    const qsizetype first = answer.indexOf("later");
    const qsizetype second = answer.indexOf("hello");
    QVERIFY(first > 0 && second > first && answer.indexOf("error 404") > second);
}

void HttpServerTest::workersAnswerLater()
{
    TestServer lab;
    QVERIFY(converse(lab.port, get(lab.port, "/later", closeAfter)).endsWith("later"));
}

void HttpServerTest::headHasNoBody()
{
    TestServer lab;
    const QByteArray answer
        = converse(lab.port, get(lab.port, "/hello", closeAfter).replace("GET", "HEAD"));
    QVERIFY(answer.contains("Content-Length: 5\r\n"));
    QVERIFY(answer.endsWith("\r\n\r\n"));
}

void HttpServerTest::unknownPathsGetTheirPrefixesError()
{
    TestServer lab;
    QVERIFY(converse(lab.port, get(lab.port, "/nothing", closeAfter)).startsWith("HTTP/1.1 404"));
    QVERIFY(converse(lab.port, get(lab.port, "/echo", closeAfter)).startsWith("HTTP/1.1 405"));
}

void HttpServerTest::aHandlerThatForgetsIs500()
{
    TestServer lab;
    QVERIFY(converse(lab.port, get(lab.port, "/forgotten", closeAfter)).startsWith("HTTP/1.1 500"));
}

void HttpServerTest::bodiesOverTheLimitAreRefusedBeforeTheyCome()
{
    TestServer lab;
    const QByteArray header
        = get(lab.port, "/small", "Content-Length: 1000000000\r\n").replace("GET", "POST");
    QVERIFY(converse(lab.port, header).startsWith("HTTP/1.1 413"));
    const QByteArray fits
        = get(lab.port, "/small", closeAfter + "Content-Length: 3\r\n").replace("GET", "POST") + "abc";
    QVERIFY(converse(lab.port, fits).startsWith("HTTP/1.1 200"));
}

void HttpServerTest::aChunkedBodyOverTheLimitIsRefused()
{
    TestServer lab;
    const QByteArray header
        = get(lab.port, "/small", "Transfer-Encoding: chunked\r\n").replace("GET", "POST");
    QVERIFY(converse(lab.port, header + "20\r\n" + QByteArray(32, 'x') + "\r\n0\r\n\r\n")
                .startsWith("HTTP/1.1 413"));
}

void HttpServerTest::guardsRefuseBeforeTheBody()
{
    TestServer lab;
    const QByteArray header
        = get(lab.port, "/locked/x", "Content-Length: 1000\r\n").replace("GET", "POST");
    QVERIFY(converse(lab.port, header).startsWith("HTTP/1.1 401"));
}

void HttpServerTest::foreignHostsAndOriginsAreForbidden()
{
    TestServer lab;
    QVERIFY(converse(lab.port, "GET /hello HTTP/1.1\r\nHost: evil.example\r\n\r\n")
                .startsWith("HTTP/1.1 403"));
    QVERIFY(converse(lab.port, get(lab.port, "/hello", "Origin: http://evil.example\r\n"))
                .startsWith("HTTP/1.1 403"));
    const QByteArray own = "Origin: http://127.0.0.1:" + QByteArray::number(lab.port) + "\r\n";
    QVERIFY(converse(lab.port, get(lab.port, "/hello", own + closeAfter)).startsWith("HTTP/1.1 200"));
}

void HttpServerTest::slowHeadersAreCutAndOthersGoOn()
{
    ServerOptions options;
    options.headerTimeout = std::chrono::milliseconds(300);
    TestServer lab(options);
    std::vector<std::unique_ptr<QTcpSocket>> slow;
    for (int i = 0; i < 50; ++i) {
        slow.push_back(std::make_unique<QTcpSocket>());
        slow.back()->connectToHost(QStringLiteral("127.0.0.1"), lab.port);
        QVERIFY(slow.back()->waitForConnected(5000));
        slow.back()->write("GET /hello HTTP/1.1\r\nX-Slow: ");
        slow.back()->flush();
    }
    QVERIFY(converse(lab.port, get(lab.port, "/hello", closeAfter)).endsWith("hello"));
    for (const auto &socket : slow)
        QTRY_COMPARE_WITH_TIMEOUT(socket->state(), QAbstractSocket::UnconnectedState, 5000);
    QTRY_COMPARE(lab.server->connectionCount(), std::size_t(0));
}

void HttpServerTest::tooLargeHeadersAre431()
{
    TestServer lab;
    const QByteArray answer = converse(
        lab.port, get(lab.port, "/hello", "X-Big: " + QByteArray(100'000, 'x') + "\r\n"));
    QVERIFY2(answer.isEmpty() || answer.startsWith("HTTP/1.1 431"), answer.left(100).constData());
    QVERIFY(converse(lab.port, get(lab.port, "/hello", closeAfter)).endsWith("hello"));
}

void HttpServerTest::garbageIs400()
{
    TestServer lab;
    QVERIFY(converse(lab.port, "\x16\x03\x01 nonsense\r\n\r\n").startsWith("HTTP/1.1 400"));
    QVERIFY(converse(lab.port, get(lab.port, "/a/%2e%2e/etc/passwd")).startsWith("HTTP/1.1 400"));
}

void HttpServerTest::connectionsOverTheMaximumAreClosed()
{
    ServerOptions options;
    options.maxConnections = 2;
    TestServer lab(options);
    QTcpSocket first;
    QTcpSocket second;
    for (QTcpSocket *socket : { &first, &second }) {
        socket->connectToHost(QStringLiteral("127.0.0.1"), lab.port);
        QVERIFY(socket->waitForConnected(5000));
    }
    QTRY_COMPARE(lab.server->connectionCount(), std::size_t(2));
    QVERIFY(!converse(lab.port, get(lab.port, "/hello", closeAfter)).contains("hello"));
    first.abort();
    QTRY_COMPARE(lab.server->connectionCount(), std::size_t(1));
    QVERIFY(converse(lab.port, get(lab.port, "/hello", closeAfter)).endsWith("hello"));
}

void HttpServerTest::theServerStaysOnLoopback()
{
    Router router;
    ServerOptions options;
    options.address = "0.0.0.0";
    options.port = 0;
    Server server(options, router);
    QVERIFY(!server.listen());
}

void HttpServerTest::aTakenPortIsSaid()
{
    TestServer lab;
    Router router;
    ServerOptions options;
    options.port = lab.port;
    Server second(options, router);
    const auto listening = second.listen();
    QVERIFY(!listening);
    QVERIFY(listening.error().find(std::to_string(lab.port)) != std::string::npos);
}

void HttpServerTest::socketsTalkBothWays()
{
    TestServer lab;
    QWebSocket socket;
    QSignalSpy texts(&socket, &QWebSocket::textMessageReceived);
    socket.open(QUrl(QStringLiteral("ws://127.0.0.1:%1/socket").arg(lab.port)));
    QTRY_COMPARE(texts.count(), 1);
    QCOMPARE(texts.at(0).at(0).toString(), QStringLiteral("welcome"));
    socket.sendTextMessage(QStringLiteral("grüße"));
    QTRY_COMPARE(texts.count(), 2);
    QCOMPARE(texts.at(1).at(0).toString(), QStringLiteral("grüße"));
    socket.close();
    QTRY_VERIFY(lab.closed);
}

void HttpServerTest::refusedUpgradesKeepTheirStatus()
{
    TestServer lab;
    const QByteArray upgrade
        = "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
          "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";
    QVERIFY(converse(lab.port, get(lab.port, "/socket?no=1", upgrade), "\r\n\r\n")
                .startsWith("HTTP/1.1 403"));
    QVERIFY(
        converse(lab.port, get(lab.port, "/hello", upgrade), "hello").startsWith("HTTP/1.1 200"));
    QVERIFY(converse(lab.port, get(lab.port, "/socket", upgrade), "\r\n\r\n")
                .startsWith("HTTP/1.1 101"));
}

void HttpServerTest::aReaderThatNeverReadsIsDropped()
{
    ServerOptions options;
    options.socketFrames = 100;
    options.socketBytes = 1U << 20U;
    TestServer lab(options);
    QTcpSocket socket;
    socket.setReadBufferSize(1024);
    socket.connectToHost(QStringLiteral("127.0.0.1"), lab.port);
    QVERIFY(socket.waitForConnected(5000));
    socket.write(get(lab.port, "/socket",
        "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"));
    socket.flush();
    QTRY_VERIFY(!lab.last.expired());
    for (int i = 0; i < 2000 && !lab.closed; ++i) {
        if (const auto session = lab.last.lock())
            session->sendText(std::string(64U << 10U, 'x'));
    }
    QTRY_VERIFY(lab.closed);
}

void HttpServerTest::stoppingCutsEverything()
{
    TestServer lab;
    QWebSocket socket;
    socket.open(QUrl(QStringLiteral("ws://127.0.0.1:%1/socket").arg(lab.port)));
    QTRY_COMPARE(socket.state(), QAbstractSocket::ConnectedState);
    QTcpSocket idle;
    idle.connectToHost(QStringLiteral("127.0.0.1"), lab.port);
    QVERIFY(idle.waitForConnected(5000));
    QElapsedTimer clock;
    clock.start();
    lab.server->stop();
    QVERIFY(clock.elapsed() < 2000);
    QTRY_COMPARE(socket.state(), QAbstractSocket::UnconnectedState);
    QTRY_COMPARE(idle.state(), QAbstractSocket::UnconnectedState);
}

QTEST_GUILESS_MAIN(HttpServerTest)
#include "tst_lab_http_server.moc"
