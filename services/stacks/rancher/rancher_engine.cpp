// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/stacks/rancher/rancher_engine.h"

#include "services/stacks/rancher/host_socket.h"

#include <QCoreApplication>

namespace faultline::stacks::rancher {

namespace {

constexpr qsizetype largestAnswer = 8 << 20;

/// One connection to an engine while it lasts.
struct Tunnel
{
    std::shared_ptr<RancherClient> client;
    QString where;
    QByteArray request;
    std::function<bool(const QByteArray &)> onBody;
    QByteArray received;
    bool isStreaming = false; // the head was read, the body goes to onBody
    bool isTooLarge = false;
    std::unique_ptr<net::WebSocket> socket;
};

/// The socket may be the one whose signal is being handled.
void drop(const std::shared_ptr<Tunnel> &tunnel)
{
    if (tunnel->socket)
        tunnel->socket.release()->deleteLater();
}

/// False when the connection has to end.
bool take(Tunnel &tunnel, const QByteArray &bytes)
{
    if (tunnel.isStreaming)
        return tunnel.onBody(bytes);
    tunnel.received += bytes;
    if (tunnel.onBody) {
        const EngineAnswer answer = parseEngineAnswer(tunnel.received);
        if (answer.status == 200) {
            tunnel.isStreaming = true;
            tunnel.received.chop(answer.body.size());
            return answer.body.isEmpty() || tunnel.onBody(answer.body);
        }
    }
    tunnel.isTooLarge = tunnel.received.size() > largestAnswer;
    return !tunnel.isTooLarge;
}

domain::Error refusedBody(const Tunnel &tunnel)
{
    domain::Error out;
    out.kind = tunnel.isTooLarge ? domain::ErrorKind::Server : domain::ErrorKind::Local;
    out.message = tunnel.isTooLarge
        ? QCoreApplication::translate("stacks", "The answer of the host's engine is too large.")
        : QCoreApplication::translate(
            "stacks", "What the host's engine sends can't be taken in whole.");
    out.where = tunnel.where;
    return out;
}

void open(const std::shared_ptr<Tunnel> &tunnel, const domain::Result<QString> &path,
    const net::Promise<EngineAnswer> &promise)
{
    if (!path)
        return promise.finish(domain::failure(path.error()));
    tunnel->socket = std::make_unique<net::WebSocket>(tunnel->client->settings(), *path, true);
    auto *socket = tunnel->socket.get();
    QObject::connect(socket, &net::WebSocket::opened, socket,
        [socket, tunnel] { socket->sendText(QString::fromLatin1(tunnel->request.toBase64())); });
    QObject::connect(
        socket, &net::WebSocket::textReceived, socket, [tunnel, promise](const QString &text) {
            if (take(*tunnel, QByteArray::fromBase64(text.toLatin1())))
                return;
            drop(tunnel);
            promise.finish(domain::failure(refusedBody(*tunnel)));
        });
    QObject::connect(socket, &net::WebSocket::closed, socket, [tunnel, promise] {
        const EngineAnswer answer = parseEngineAnswer(tunnel->received);
        drop(tunnel);
        if (answer.status > 0)
            return promise.finish(answer);
        promise.finish(domain::failure(domain::ErrorKind::Server,
            QCoreApplication::translate("stacks", "The host's engine did not answer."),
            tunnel->where));
    });
    QObject::connect(
        socket, &net::WebSocket::failed, socket, [tunnel, promise](const domain::Error &error) {
            drop(tunnel);
            promise.finish(domain::failure(errorOfAccess(error, tunnel->where)));
        });
    socket->open();
}

} // namespace

EngineAnswer parseEngineAnswer(const QByteArray &bytes)
{
    EngineAnswer out;
    const qsizetype head = bytes.indexOf("\r\n\r\n");
    if (!bytes.startsWith("HTTP/1.") || head < 0)
        return out;
    out.status = bytes.mid(9, 3).toInt();
    out.body = bytes.mid(head + 4);
    return out;
}

net::Call askEngine(std::shared_ptr<RancherClient> client, const domain::HostId &host,
    const EngineRequest &request, domain::Done<EngineAnswer> done)
{
    const net::Promise<EngineAnswer> promise(std::move(done));
    auto tunnel = std::make_shared<Tunnel>();
    tunnel->client = std::move(client);
    tunnel->where = QStringLiteral("engine of ") + host.value();
    tunnel->onBody = request.onBody;
    tunnel->request = request.method + ' ' + request.path
        + " HTTP/1.0\r\nHost: docker\r\nContent-Length: 0\r\n\r\n";
    promise.onCancel([tunnel] { drop(tunnel); });
    promise.follow(tunnel->client->runAction(QStringLiteral("hosts"), host.value(),
        QStringLiteral("dockersocket"), "{}",
        [tunnel, promise](const domain::Result<QByteArray> &answer) {
            open(tunnel, socketPathIn(answer, *tunnel->client, tunnel->where), promise);
        }));
    return promise.call();
}

} // namespace faultline::stacks::rancher
