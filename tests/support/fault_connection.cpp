// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/fault_connection.h"

#include <QCryptographicHash>
#include <QSslCertificate>
#include <QSslConfiguration>
#include <QSslKey>

#include <sys/socket.h>

namespace faultline::tests {

namespace {

constexpr qint64 mostUnsent = 1 << 20;

bool has(const QList<Header> &headers, const QByteArray &name)
{
    return std::any_of(headers.begin(), headers.end(), [&name](const Header &header) {
        return header.first.compare(name, Qt::CaseInsensitive) == 0;
    });
}

} // namespace

FaultConnection::FaultConnection(
    FaultListener &listener, qintptr descriptor, int number, const std::optional<TlsSetup> &tls)
    : m_listener(listener)
    , m_socket(this)
    , m_timer(this)
{
    m_request.connection = number;
    m_timer.setSingleShot(true);
    connect(&m_timer, &QTimer::timeout, this, &FaultConnection::playPiece);
    connect(&m_socket, &QSslSocket::readyRead, this, &FaultConnection::read);
    connect(&m_socket, &QSslSocket::disconnected, this, &QObject::deleteLater);
    connect(&m_socket, &QSslSocket::bytesWritten, this, [this] {
        if (m_isAnswering && !m_timer.isActive() && m_isHeadSent)
            play();
    });
    m_socket.setSocketDescriptor(descriptor);
    m_socket.setSocketOption(QAbstractSocket::LowDelayOption, 1);
    if (tls)
        protect(*tls);
}

FaultConnection::~FaultConnection()
{
    m_socket.disconnect(this);
    if (m_isAnswering)
        m_listener.answered();
    m_listener.ended();
}

void FaultConnection::protect(const TlsSetup &tls)
{
    if (tls.neverHandshakes)
        return;
    QSslConfiguration configuration = m_socket.sslConfiguration();
    configuration.setProtocol(tls.protocol);
    configuration.setLocalCertificateChain(QSslCertificate::fromData(tls.identity.certificate));
    configuration.setPrivateKey(QSslKey(tls.identity.key, QSsl::Ec));
    configuration.setPeerVerifyMode(QSslSocket::VerifyNone);
    if (tls.protocol
        != QSsl::SecureProtocols) // outdated protocols need the lowest security level of OpenSSL
        configuration.setBackendConfigurationOption(
            "CipherString", QByteArrayLiteral("DEFAULT@SECLEVEL=0"));
    m_socket.setSslConfiguration(configuration);
    m_socket.startServerEncryption();
}

void FaultConnection::reset()
{
    const linger hard{ 1, 0 };
    ::setsockopt(
        static_cast<int>(m_socket.socketDescriptor()), SOL_SOCKET, SO_LINGER, &hard, sizeof hard);
    m_socket.abort();
}

void FaultConnection::read()
{
    if (m_isHanging)
        return;
    const QByteArray bytes = m_socket.readAll();
    m_listener.tookBytes(bytes);
    m_input += bytes;
    if (m_webSocket)
        readFrames();
    else
        readRequest();
}

void FaultConnection::readRequest()
{
    const qsizetype headEnd = m_input.indexOf("\r\n\r\n");
    if (m_isAnswering || headEnd < 0)
        return;
    QList<QByteArray> lines = m_input.left(headEnd).split('\n');
    const QList<QByteArray> start = lines.takeFirst().trimmed().split(' ');
    Received request;
    request.connection = m_request.connection;
    request.method = start.value(0);
    const QByteArray target = start.value(1);
    const qsizetype mark = target.indexOf('?');
    request.path = mark < 0 ? target : target.left(mark);
    request.query = mark < 0 ? QByteArray() : target.mid(mark + 1);
    for (const QByteArray &line : lines) {
        const qsizetype colon = line.indexOf(':');
        request.headers.append({ line.left(colon).trimmed(), line.mid(colon + 1).trimmed() });
    }
    const qsizetype length = request.header("Content-Length").toLongLong();
    if (m_input.size() < headEnd + 4 + length)
        return;
    request.body = m_input.mid(headEnd + 4, length);
    m_input.remove(0, headEnd + 4 + length);
    m_request = request;
    m_isAnswering = true;
    begin(m_listener.answerFor(m_request));
}

void FaultConnection::begin(const Answer &answer)
{
    m_answer = answer;
    m_isHeadSent = false;
    if (answer.webSocket && m_request.header("Upgrade").toLower() == "websocket")
        return acceptWebSocket();
    if (!answer.neverAnswers)
        return beginHttp();
    if (answer.then == Answer::Then::Reset)
        reset();
    else if (answer.then == Answer::Then::Close)
        m_socket.disconnectFromHost();
}

QByteArray FaultConnection::headOf(qint64 length) const
{
    QByteArray head = "HTTP/1.1 " + QByteArray::number(m_answer.status) + " Scripted\r\n";
    for (const Header &header : m_answer.headers)
        head += header.first + ": " + header.second + "\r\n";
    if (!has(m_answer.headers, "Content-Type"))
        head += "Content-Type: application/json\r\n";
    if (m_answer.gzip)
        head += "Content-Encoding: gzip\r\n";
    if (m_answer.chunked)
        head += "Transfer-Encoding: chunked\r\n";
    else if (!has(m_answer.headers, "Content-Length"))
        head += "Content-Length: " + QByteArray::number(length) + "\r\n";
    return head + "\r\n";
}

void FaultConnection::beginHttp()
{
    m_unit = m_answer.gzip ? gzipped(m_answer.body, m_answer.repeat) : m_answer.body;
    m_unitsLeft = m_answer.gzip ? 1 : m_answer.repeat;
    m_prefixLeft = !m_answer.prefix.isEmpty();
    m_suffixLeft = !m_answer.suffix.isEmpty();
    m_bodyLeft = m_answer.cutAfter;
    m_head = headOf(m_answer.prefix.size() + m_unit.size() * m_unitsLeft + m_answer.suffix.size());
    if (m_request.method == "HEAD" || m_answer.status == 204 || m_answer.status == 304) {
        m_unitsLeft = 0;
        m_prefixLeft = m_suffixLeft = false;
        m_answer.chunked = false;
    }
    m_ready = m_head;
    m_timer.start(m_answer.delay);
}

QByteArray FaultConnection::nextPiece()
{
    QByteArray piece;
    if (std::exchange(m_prefixLeft, false)) {
        piece = m_answer.prefix;
    } else if (m_unitsLeft > 0) {
        --m_unitsLeft;
        piece = m_unit;
    } else if (std::exchange(m_suffixLeft, false)) {
        piece = m_answer.suffix;
    }
    if (m_bodyLeft >= 0) {
        piece.truncate(m_bodyLeft);
        m_bodyLeft -= piece.size();
    }
    if (m_answer.chunked && !piece.isEmpty())
        return QByteArray::number(piece.size(), 16) + "\r\n" + piece + "\r\n";
    return piece;
}

void FaultConnection::playPiece()
{
    const bool drips = m_answer.dripBytes > 0 && (m_isHeadSent || m_answer.dripsHead);
    if (!drips) {
        m_socket.write(std::exchange(m_ready, {}));
    } else {
        m_socket.write(m_ready.left(m_answer.dripBytes));
        m_ready.remove(0, m_answer.dripBytes);
    }
    if (m_ready.isEmpty())
        m_isHeadSent = true;
    play();
}

void FaultConnection::play()
{
    while (m_isAnswering && m_socket.bytesToWrite() < mostUnsent) {
        if (m_ready.isEmpty())
            m_ready = nextPiece();
        if (m_ready.isEmpty())
            return endAnswer();
        if (m_answer.dripBytes > 0)
            return m_timer.start(m_answer.dripInterval);
        m_socket.write(std::exchange(m_ready, {}));
    }
}

void FaultConnection::endAnswer()
{
    if (m_answer.then == Answer::Then::Stall)
        return;
    if (m_answer.chunked && m_answer.cutAfter < 0)
        m_socket.write("0\r\n\r\n");
    m_isAnswering = false;
    m_listener.answered();
    if (m_answer.then == Answer::Then::Reset)
        return reset();
    if (m_answer.then == Answer::Then::Close)
        return m_socket.disconnectFromHost();
    readRequest();
}

void FaultConnection::acceptWebSocket()
{
    m_isAnswering = false;
    m_listener.answered();
    m_webSocket = m_answer.webSocket;
    const QByteArray key
        = m_request.header("Sec-WebSocket-Key") + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
    m_socket.write(
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        "Sec-WebSocket-Accept: "
        + QCryptographicHash::hash(key, QCryptographicHash::Sha1).toBase64() + "\r\n\r\n");
    for (const QByteArray &one : m_webSocket->frames)
        m_socket.write(one);
    m_socket.flush();
    const int code = m_webSocket->closeCode;
    switch (m_webSocket->then) {
    case WebSocketScript::Then::Stay:
        break;
    case WebSocketScript::Then::Hang:
        m_isHanging = true;
        break;
    case WebSocketScript::Then::End:
        m_socket.disconnectFromHost();
        return;
    case WebSocketScript::Then::Vanish: // after a moment, so that the handshake gets through before
                                        // the reset
        QTimer::singleShot(std::chrono::milliseconds(50), this, &FaultConnection::reset);
        break;
    case WebSocketScript::Then::Close:
        m_socket.write(frame(8,
            QByteArray(1, static_cast<char>(code >> 8)) + static_cast<char>(code & 0xff)
                + m_webSocket->closeReason));
        break;
    }
    readFrames();
}

void FaultConnection::sendFrame(const QByteArray &path, const QByteArray &bytes)
{
    if (m_webSocket && m_request.path == path && !m_isHanging)
        m_socket.write(bytes);
}

void FaultConnection::readFrames()
{
    while (takeFrame()) { }
}

bool FaultConnection::takeFrame()
{
    if (m_input.size() < 2)
        return false;
    const auto byteAt = [this](qsizetype i) { return static_cast<quint8>(m_input.at(i)); };
    const int shortLength = byteAt(1) & 0x7f;
    const int lengthBytes = shortLength == 126 ? 2 : shortLength == 127 ? 8 : 0;
    const bool isMasked = (byteAt(1) & 0x80) != 0;
    const qsizetype start = 2 + lengthBytes + (isMasked ? 4 : 0);
    if (m_input.size() < start)
        return false;
    qint64 length = lengthBytes == 0 ? shortLength : 0;
    for (int i = 0; i < lengthBytes; ++i)
        length = length * 256 + byteAt(2 + i);
    if (m_input.size() < start + length)
        return false;
    QByteArray payload = m_input.mid(start, length);
    for (qsizetype i = 0; isMasked && i < payload.size(); ++i)
        payload[i] = static_cast<char>(payload.at(i) ^ m_input.at(start - 4 + i % 4));
    const int first = byteAt(0);
    m_input.remove(0, start + length);
    m_messageSoFar += (first & 0x08) == 0 ? payload : QByteArray();
    if ((first & 0x80) != 0)
        takeFrameContent(
            first & 0x0f, (first & 0x08) != 0 ? payload : std::exchange(m_messageSoFar, {}));
    return true;
}

void FaultConnection::takeFrameContent(int opcode, const QByteArray &payload)
{
    if (opcode == 8) {
        if (m_webSocket->then != WebSocketScript::Then::Close)
            m_socket.write(frame(8, payload));
        m_socket.disconnectFromHost();
    } else if (opcode == 9) {
        if (m_webSocket->answersPings)
            m_socket.write(frame(10, payload));
    } else if (opcode != 10) {
        m_listener.tookMessage(payload);
        if (m_webSocket->echoes)
            m_socket.write(frame(opcode == 0 ? 1 : opcode, payload));
    }
}

} // namespace faultline::tests
