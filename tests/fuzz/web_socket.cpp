// SPDX-License-Identifier: GPL-3.0-or-later
// The clients' WebSocket against a server that accepts the handshake and then sends the input's
// bytes; with an odd first byte the input is the answer to the handshake itself. Frames go where
// those of Rancher go.
#include "services/net/web_socket.h"
#include "services/stacks/rancher/rancher_log.h"
#include "services/stacks/rancher/rancher_parse.h"
#include "tests/fuzz/fuzz_input.h"

#include <QCoreApplication>
#include <QCryptographicHash>
#include <QEventLoop>
#include <QTcpServer>
#include <QTcpSocket>
#include <QTimer>

#include <optional>

using namespace faultline;

namespace {

/// Answers every connection with what it was given, then ends it.
class FrameServer
{
public:
    FrameServer()
    {
        m_server.listen(QHostAddress::LocalHost);
        QObject::connect(&m_server, &QTcpServer::newConnection, &m_server, [this] { accept(); });
    }

    void play(bool isHonest, QByteArray bytes)
    {
        m_isHonest = isHonest;
        m_bytes = std::move(bytes);
    }
    [[nodiscard]] QUrl url() const
    {
        return QUrl(QStringLiteral("http://127.0.0.1:%1").arg(m_server.serverPort()));
    }

private:
    void accept()
    {
        while (QTcpSocket *socket = m_server.nextPendingConnection()) {
            QObject::connect(socket, &QTcpSocket::disconnected, socket, &QObject::deleteLater);
            QObject::connect(
                socket, &QTcpSocket::readyRead, socket, [this, socket] { answer(*socket); });
        }
    }

    void answer(QTcpSocket &socket) const
    {
        const QByteArray request = socket.peek(8192);
        if (!request.contains("\r\n\r\n"))
            return;
        socket.readAll();
        if (m_isHonest)
            socket.write(handshakeFor(request));
        socket.write(m_bytes);
        socket.disconnectFromHost();
    }

    static QByteArray handshakeFor(const QByteArray &request)
    {
        static const QByteArray name = "sec-websocket-key:";
        const qsizetype at = request.toLower().indexOf(name);
        const qsizetype from = at + name.size();
        const QByteArray key = at < 0
            ? QByteArray()
            : request.mid(from, request.indexOf('\r', from) - from).trimmed();
        const QByteArray accept = QCryptographicHash::hash(
            key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11", QCryptographicHash::Sha1);
        return "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
               "Sec-WebSocket-Accept: "
            + accept.toBase64() + "\r\n\r\n";
    }

    QTcpServer m_server;
    bool m_isHonest = true;
    QByteArray m_bytes;
};

/// One application for the life of the program, unless the program has its own.
void needApplication()
{
    static int count = 1;
    static char name[] = "fuzz";
    static char *arguments[] = { name, nullptr };
    if (!QCoreApplication::instance())
        new QCoreApplication(count, arguments); // lives as long as the process
}

/// Opens a socket, reads until it ends. Gives how often it said that it ended.
int lifeOf(net::WebSocket &socket)
{
    int ends = 0;
    QEventLoop loop;
    QObject::connect(&socket, &net::WebSocket::textReceived, &loop, [](const QString &text) {
        const QByteArray frame = text.toUtf8();
        (void)stacks::rancher::parseEvent(frame);
        (void)stacks::rancher::parseLogFrame(frame);
    });
    QObject::connect(&socket, &net::WebSocket::binaryReceived, &loop,
        [](const QByteArray &bytes) { (void)stacks::rancher::parseLogFrame(bytes); });
    QObject::connect(&socket, &net::WebSocket::closed, &loop, [&] { ++ends, loop.quit(); });
    QObject::connect(&socket, &net::WebSocket::failed, &loop, [&](const domain::Error &error) {
        fuzz::hold(!error.message.isEmpty(), "a failure has words");
        ++ends;
        loop.quit();
    });
    QTimer::singleShot(15'000, &loop, [&] { loop.exit(1); });
    socket.open();
    fuzz::hold(loop.exec() == 0, "a socket whose peer has left ends");
    QCoreApplication::processEvents();
    return ends;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *bytes, std::size_t size)
{
    if (size < 1)
        return 0;
    needApplication();
    static FrameServer server;
    server.play(bytes[0] % 2 == 0, fuzz::bytesOf(fuzz::textOf(bytes + 1, size - 1)));
    net::ServerSettings settings;
    settings.origin = server.url();
    settings.maxAttempts = 1;
    net::WebSocket socket(settings, QStringLiteral("/v2-beta/subscribe"), false);
    socket.setMaxFrame(64 << 10);
    fuzz::hold(lifeOf(socket) == 1, "a socket ends once");
    return 0;
}
