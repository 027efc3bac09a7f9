// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QList>
#include <QString>
#include <QUrl>

#include <chrono>
#include <optional>
#include <utility>

namespace faultline::tests {

using Header = std::pair<QByteArray, QByteArray>;

/// What happens on a WebSocket after a handshake that the server accepted.
struct WebSocketScript
{
    QList<QByteArray>
        frames; ///< whole frames to send at once after the handshake; see textFrame() and friends
    bool echoes = false; ///< sends back each text and binary message
    bool answersPings = true;
    enum class Then {
        Stay, ///< silent afterwards
        Close, ///< sends a close frame with `closeCode`, then ends the connection
        End, ///< ends the connection without a close frame
        Vanish, ///< resets the connection without a close frame
        Hang ///< stops reading and writing but keeps the connection, like a peer behind a cut cable
    };
    Then then = Then::Stay;
    int closeCode = 1000;
    QByteArray closeReason;
};

/// One scripted answer of the FaultServer. Start from one of the functions below and change what is
/// special.
struct Answer
{
    int status = 200;
    QList<Header> headers; ///< Content-Type and Content-Length are added when absent
    QByteArray body;
    int repeat = 1; ///< the body is sent this many times in a row, without holding it in memory
    QByteArray prefix; ///< before the repeated body
    QByteArray suffix; ///< after the repeated body
    bool gzip = false; ///< packs the (repeated) body, without prefix and suffix, and says so
    bool chunked = false; ///< Transfer-Encoding: chunked instead of Content-Length
    std::chrono::milliseconds delay{ 0 }; ///< before the first byte of the answer
    bool neverAnswers = false; ///< takes the request and stays silent
    qint64 cutAfter
        = -1; ///< only so many bytes of the body are sent, then `then`; -1 is all of them
    enum class Then { KeepAlive, Close, Reset, Stall };
    Then then = Then::KeepAlive;
    int dripBytes = 0; ///< with dripInterval: so many bytes at a time
    std::chrono::milliseconds dripInterval{ 0 };
    bool dripsHead = false; ///< dripping starts with the status line instead of the body
    std::optional<WebSocketScript>
        webSocket; ///< accept an upgrade request; other requests get the answer

    /// Adds a header.
    Answer &with(const QByteArray &name, const QByteArray &value)
    {
        headers.append(Header(name, value));
        return *this;
    }
};

[[nodiscard]] Answer json(const QByteArray &body, int status = 200);
[[nodiscard]] Answer html(const QByteArray &body, int status = 200);
[[nodiscard]] Answer plainText(const QByteArray &body, int status = 200);
[[nodiscard]] Answer redirect(const QUrl &target, int status = 302);
[[nodiscard]] Answer limited(
    const QByteArray &retryAfter = {}); ///< 429 with Retry-After when not empty
[[nodiscard]] Answer silent(); ///< takes the request, never answers
[[nodiscard]] Answer resetting(); ///< resets the connection instead of an answer
[[nodiscard]] Answer truncated(
    const QByteArray &body, qint64 after); ///< Content-Length promises more than comes
[[nodiscard]] Answer cutChunked(const QByteArray &body); ///< chunked, without the last chunk
[[nodiscard]] Answer stalled(
    const QByteArray &body, qint64 after); ///< stops in the middle and stays connected
[[nodiscard]] Answer dripping(
    const QByteArray &body, int bytes, std::chrono::milliseconds interval);
[[nodiscard]] Answer bigJson(int megabytes); ///< a JSON array of strings of about this size
[[nodiscard]] Answer webSocket(const WebSocketScript &script);
[[nodiscard]] Answer pageWithNext(
    const QByteArray &body, const QByteArray &nextLink); ///< with Link rel=next

[[nodiscard]] QByteArray textFrame(const QByteArray &payload, bool isLast = true);
[[nodiscard]] QByteArray binaryFrame(const QByteArray &payload);
[[nodiscard]] QByteArray frame(int opcode, const QByteArray &payload, bool isLast = true);

/// `unit`, `times` in a row, as a gzip stream; made piece by piece.
[[nodiscard]] QByteArray gzipped(const QByteArray &unit, int times = 1);

} // namespace faultline::tests
