// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/net/web_socket.h"

#include "services/net/answer_errors.h"
#include "services/net/origins.h"
#include "services/net/server_words.h"
#include "services/net/tls_trust.h"

#include <QCoreApplication>
#include <QNetworkRequest>
#include <QPointer>
#include <QRegularExpression>
#include <QWebSocket>

namespace faultline::net {

using domain::Error;
using domain::ErrorKind;
using std::chrono::milliseconds;

namespace {

QString text(const char *source)
{
    return QCoreApplication::translate("net", source);
}

Error makeError(ErrorKind kind, const QString &message, bool mayRetry)
{
    Error error;
    error.kind = kind;
    error.message = message;
    error.mayRetry = mayRetry;
    return error;
}

/// The status in QWebSocket's words about a refused handshake, 0 when there is none.
int statusIn(const QString &words)
{
    static const QRegularExpression status(QStringLiteral("status code: (\\d{3})"));
    return status.match(words).captured(1).toInt();
}

Error errorOfClose(int code, const QString &reason)
{
    Error error = makeError(ErrorKind::Server,
        text("The server closed the live connection (code %1).").arg(code), true);
    error.serverWords = tidied(reason);
    switch (code) {
    case QWebSocketProtocol::CloseCodeWrongDatatype:
        error.message = text(
            "The server sent text that is not valid UTF-8, so the live connection had to end.");
        break;
    case QWebSocketProtocol::CloseCodeTooMuchData:
        error.message = text(
            "The server sent a message larger than the limit, so the live connection had to end.");
        break;
    case QWebSocketProtocol::CloseCodeProtocolError:
        error.message = text("The server broke the rules of the WebSocket protocol.");
        break;
    case QWebSocketProtocol::CloseCodePolicyViolated:
        error.kind = ErrorKind::Forbidden;
        break;
    case QWebSocketProtocol::CloseCodeAbnormalDisconnection:
        error.kind = ErrorKind::Network;
        error.message = text("The live connection broke.");
        break;
    default:
        break;
    }
    return error;
}

} // namespace

class WebSocket::Private : public QObject
{
public:
    Private(WebSocket *owner, ServerSettings serverSettings, QString pathOnServer, bool withAuth)
        : q(owner)
        , settings(std::move(serverSettings))
        , path(std::move(pathOnServer))
        , sendAuth(withAuth)
        , trust(settings)
        , socket(new QWebSocket)
    {
        setMaxFrame(16 << 20);
    }

    ~Private() override
    {
        // The owner may be deleted by a receiver of the socket's own signal.
        socket->disconnect(this);
        socket->deleteLater();
    }

    void setMaxFrame(quint64 bytes) const
    {
        socket->setMaxAllowedIncomingFrameSize(bytes);
        socket->setMaxAllowedIncomingMessageSize(bytes);
    }

    void open();
    void connectSocket();
    [[nodiscard]] QNetworkRequest request() const;
    void judgeCertificate(const QList<QSslError> &errors);
    void takeOpened();
    void takeTrouble(QAbstractSocket::SocketError trouble);
    void takeDisconnected();
    void askForWords(int handshakeStatus);
    void takeWords(int handshakeStatus, const domain::Result<HttpResponse> &answer);
    void watch(milliseconds rest);
    void ping();
    void fail(Error error);
    [[nodiscard]] Error unanswered(const char *words) const;

    WebSocket *q;
    ServerSettings settings;
    QString path;
    bool sendAuth;
    TlsTrust trust;
    QUrl url;
    QWebSocket *socket;
    std::shared_ptr<Clock> clock = systemClock();
    milliseconds silence{ 0 };
    milliseconds pingInterval{ 0 };
    Call handshakeLimit;
    milliseconds lastFrame{ 0 };
    Call watchdog;
    Call nextPing;
    int unansweredPings = 0;
    std::optional<Error> trouble;
    std::unique_ptr<HttpClient> questioner;
    Call question;
    bool isOpen = false;
    bool isClosing
        = false; // a close frame was exchanged; without one QWebSocket still reports code 1000
    bool isOver = false;
};

void WebSocket::Private::open()
{
    url = urlOn(settings.origin, path);
    const bool isSecure = url.scheme() == QLatin1StringView("https");
    const bool isUsable = url.isValid() && (isSecure || url.scheme() == QLatin1StringView("http"));
    url.setScheme(isSecure ? QStringLiteral("wss") : QStringLiteral("ws"));
    if (!isUsable || !trust.configuration()) {
        const Error error = isUsable
            ? trust.configuration().error()
            : makeError(ErrorKind::Invalid,
                text("The address of the live connection is not valid."), false);
        QMetaObject::invokeMethod(
            this, [this, error] { fail(error); }, Qt::QueuedConnection);
        return;
    }
    connectSocket();
    handshakeLimit = clock->after(settings.connectTimeout, [this] {
        fail(makeError(ErrorKind::Timeout,
            text("The server did not open the live connection within the time limit."), true));
    });
    socket->setSslConfiguration(*trust.configuration());
    socket->open(request());
}

QNetworkRequest WebSocket::Private::request() const
{
    QNetworkRequest request(url);
    request.setRawHeader("User-Agent", "Faultline/" FAULTLINE_VERSION);
    if (sendAuth) {
        for (const Header &header : settings.authHeaders)
            request.setRawHeader(header.first, header.second);
    }
    return request;
}

void WebSocket::Private::connectSocket()
{
    connect(socket, &QWebSocket::connected, this, &Private::takeOpened);
    connect(socket, &QWebSocket::sslErrors, this, &Private::judgeCertificate);
    connect(socket, &QWebSocket::aboutToClose, this, [this] { isClosing = true; });
    connect(socket, &QWebSocket::disconnected, this, &Private::takeDisconnected);
    connect(socket, qOverload<QAbstractSocket::SocketError>(&QWebSocket::error), this,
        &Private::takeTrouble);
    connect(socket, &QWebSocket::pong, this, [this] { unansweredPings = 0; });
    connect(socket, &QWebSocket::textMessageReceived, this, [this](const QString &message) {
        lastFrame = clock->monotonic();
        Q_EMIT q->textReceived(message);
    });
    connect(socket, &QWebSocket::binaryMessageReceived, this, [this](const QByteArray &message) {
        lastFrame = clock->monotonic();
        Q_EMIT q->binaryReceived(message);
    });
}

void WebSocket::Private::judgeCertificate(const QList<QSslError> &errors)
{
    QSslCertificate leaf = socket->sslConfiguration().peerCertificate();
    if (leaf.isNull() && !errors.isEmpty())
        leaf = errors.first().certificate();
    if (trust.accepts(url, leaf))
        socket->ignoreSslErrors(errors);
    else
        trouble = trust.refusal(errors, url, leaf);
}

void WebSocket::Private::takeOpened()
{
    isOpen = true;
    handshakeLimit.cancel();
    lastFrame = clock->monotonic();
    watch(silence);
    ping();
    Q_EMIT q->opened();
}

void WebSocket::Private::takeTrouble(QAbstractSocket::SocketError kind)
{
    if (isOver)
        return;
    if (!isOpen) {
        if (trouble)
            return fail(*trouble);
        if (kind == QAbstractSocket::SslHandshakeFailedError)
            return fail(errorOfHandshake(socket->errorString(), url));
        const bool isSocketsOwn = !socket->errorString().contains(QStringLiteral("QWebSocket"));
        if (kind == QAbstractSocket::ConnectionRefusedError && isSocketsOwn)
            return fail(unanswered("%1 refuses the connection. Is the server running, and is the "
                                   "port right?"));
        if (kind == QAbstractSocket::RemoteHostClosedError && isSocketsOwn)
            return fail(unanswered("%1 closed the connection before its answer was complete."));
        return askForWords(statusIn(socket->errorString()));
    }
    if (kind != QAbstractSocket::RemoteHostClosedError
        && !isClosing) // that one is told by the close code, too
        trouble = makeError(ErrorKind::Network,
            text("The live connection broke: %1.").arg(tidied(socket->errorString())), true);
}

void WebSocket::Private::takeDisconnected()
{
    if (isOver || !isOpen || question.isActive())
        return;
    if (trouble)
        return fail(*trouble);
    const int code = isClosing ? int(socket->closeCode())
                               : int(QWebSocketProtocol::CloseCodeAbnormalDisconnection);
    const bool inOrder = code == QWebSocketProtocol::CloseCodeNormal
        || code == QWebSocketProtocol::CloseCodeGoingAway
        || code == QWebSocketProtocol::CloseCodeMissingStatusCode;
    if (!inOrder)
        return fail(errorOfClose(code, socket->closeReason()));
    isOver = true;
    watchdog.cancel();
    nextPing.cancel();
    Q_EMIT q->closed();
}

/// Nobody was there to answer, so nobody needs to be asked for words.
Error WebSocket::Private::unanswered(const char *words) const
{
    return makeError(ErrorKind::Network, text(words).arg(url.host()), true);
}

void WebSocket::Private::askForWords(int handshakeStatus)
{
    if (questioner)
        return;
    ServerSettings plain = settings;
    plain.maxAttempts = 1;
    if (!sendAuth)
        plain.authHeaders.clear();
    questioner = std::make_unique<HttpClient>(plain);
    HttpRequest get;
    get.path = path;
    get.expectJson = false;
    get.maxBody = 64 << 10;
    get.acceptStatuses = { 301, 302, 303, 307, 308 };
    question = questioner->send(
        get, [this, handshakeStatus](const domain::Result<HttpResponse> &answer) {
            takeWords(handshakeStatus, answer);
        });
}

void WebSocket::Private::takeWords(int handshakeStatus, const domain::Result<HttpResponse> &answer)
{
    if (!answer && (handshakeStatus == 0 || answer.error().status == handshakeStatus))
        return fail(answer.error());
    if (handshakeStatus >= 400)
        return fail(errorOfStatus(handshakeStatus, {}));
    const int status = answer ? answer->status : handshakeStatus;
    Error error = makeError(ErrorKind::Server,
        text("The server answers at this address, but not with a live connection (a proxy without "
             "WebSocket support?)."),
        true);
    if (status >= 300 && status < 400)
        error.message = text(
            "The server redirects the live connection to another address; this was not followed.");
    error.status = status;
    fail(error);
}

void WebSocket::Private::watch(milliseconds rest)
{
    if (silence.count() <= 0 || isOver)
        return watchdog.cancel();
    watchdog = clock->after(rest, [this] {
        const milliseconds left = lastFrame + silence - clock->monotonic();
        if (left.count() > 0)
            return watch(left); // a timer of its own for each frame would cost too much
        fail(makeError(ErrorKind::Timeout,
            text("The live connection has been silent for %1 s.")
                .arg(static_cast<double>(silence.count()) / 1000.0),
            true));
    });
}

void WebSocket::Private::ping()
{
    if (pingInterval.count() <= 0 || !isOpen || isOver)
        return nextPing.cancel();
    if (unansweredPings >= 2)
        return fail(makeError(ErrorKind::Timeout,
            text("The server does not answer on the live connection any more."), true));
    ++unansweredPings;
    socket->ping();
    nextPing = clock->after(pingInterval, [this] { ping(); });
}

void WebSocket::Private::fail(Error error)
{
    if (isOver)
        return;
    isOver = true;
    handshakeLimit.cancel();
    watchdog.cancel();
    nextPing.cancel();
    socket->disconnect(this);
    socket->deleteLater();
    socket = new QWebSocket; // a closed one, for late senders
    error.where = placeOf("GET", url);
    Q_EMIT q->failed(error);
}

WebSocket::WebSocket(const ServerSettings &settings, QString path, bool sendAuth, QObject *parent)
    : QObject(parent)
    , d(std::make_unique<Private>(this, settings, std::move(path), sendAuth))
{
}

WebSocket::~WebSocket() = default;

void WebSocket::setWatchdog(milliseconds silence)
{
    d->silence = silence;
    if (d->isOpen)
        d->watch(silence);
}

void WebSocket::setPing(milliseconds interval)
{
    d->pingInterval = interval;
    d->ping();
}

void WebSocket::setMaxFrame(qint64 bytes)
{
    d->setMaxFrame(static_cast<quint64>(std::max<qint64>(bytes, 1)));
}

void WebSocket::open()
{
    d->open();
}

void WebSocket::sendText(const QString &text)
{
    d->socket->sendTextMessage(text);
}

void WebSocket::sendBinary(const QByteArray &bytes)
{
    d->socket->sendBinaryMessage(bytes);
}

} // namespace faultline::net
