// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/support/fault_server.h"

#include <QObject>
#include <QSslSocket>
#include <QTimer>

namespace faultline::tests {

/// What a connection tells its server; called in the server's thread.
class FaultListener
{
public:
    virtual ~FaultListener() = default;
    virtual void tookBytes(const QByteArray &bytes) = 0;
    [[nodiscard]] virtual Answer answerFor(const Received &request) = 0;
    virtual void tookMessage(const QByteArray &message) = 0;
    virtual void answered() = 0;
    virtual void ended() = 0;
};

/// One accepted connection: reads requests, plays scripted answers. Deletes itself when the peer is
/// gone.
class FaultConnection : public QObject
{
    Q_OBJECT

public:
    FaultConnection(FaultListener &listener, qintptr descriptor, int number,
        const std::optional<TlsSetup> &tls);
    ~FaultConnection() override;

    void sendFrame(const QByteArray &path, const QByteArray &frame);
    void reset();

private:
    void protect(const TlsSetup &tls);
    void read();
    void readRequest();
    void readFrames();
    bool takeFrame();
    void takeFrameContent(int opcode, const QByteArray &payload);
    void begin(const Answer &answer);
    void beginHttp();
    void acceptWebSocket();
    void play();
    void playPiece();
    void endAnswer();
    [[nodiscard]] QByteArray nextPiece();
    [[nodiscard]] QByteArray headOf(qint64 length) const;

    FaultListener &m_listener;
    QSslSocket m_socket;
    QTimer m_timer;
    QByteArray m_input;
    Received m_request;
    Answer m_answer;
    std::optional<WebSocketScript> m_webSocket;
    QByteArray m_messageSoFar;
    QByteArray m_head;
    QByteArray m_unit; // what is repeated
    int m_unitsLeft = 0;
    bool m_prefixLeft = false;
    bool m_suffixLeft = false;
    qint64 m_bodyLeft = -1; // until the cut
    QByteArray m_ready; // taken from the above, not yet written
    bool m_isAnswering = false;
    bool m_isHanging = false;
    bool m_isHeadSent = false;
};

} // namespace faultline::tests
