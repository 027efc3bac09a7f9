// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/answer.h"

#include <zlib.h>

namespace faultline::tests {

Answer json(const QByteArray &body, int status)
{
    Answer answer;
    answer.status = status;
    answer.headers = { { "Content-Type", "application/json" } };
    answer.body = body;
    return answer;
}

Answer html(const QByteArray &body, int status)
{
    Answer answer = json(body, status);
    answer.headers = { { "Content-Type", "text/html; charset=utf-8" } };
    return answer;
}

Answer plainText(const QByteArray &body, int status)
{
    Answer answer = json(body, status);
    answer.headers = { { "Content-Type", "text/plain" } };
    return answer;
}

Answer redirect(const QUrl &target, int status)
{
    Answer answer = plainText("moved", status);
    answer.headers.append({ "Location", target.toEncoded() });
    return answer;
}

Answer limited(const QByteArray &retryAfter)
{
    Answer answer = plainText("Retry later", 429);
    if (!retryAfter.isEmpty())
        answer.headers.append({ "Retry-After", retryAfter });
    return answer;
}

Answer silent()
{
    Answer answer;
    answer.neverAnswers = true;
    return answer;
}

Answer resetting()
{
    Answer answer = silent();
    answer.then = Answer::Then::Reset;
    return answer;
}

Answer truncated(const QByteArray &body, qint64 after)
{
    Answer answer = json(body);
    answer.cutAfter = after;
    answer.then = Answer::Then::Close;
    return answer;
}

Answer cutChunked(const QByteArray &body)
{
    Answer answer = truncated(body, body.size());
    answer.chunked = true;
    return answer;
}

Answer stalled(const QByteArray &body, qint64 after)
{
    Answer answer = truncated(body, after);
    answer.then = Answer::Then::Stall;
    return answer;
}

Answer dripping(const QByteArray &body, int bytes, std::chrono::milliseconds interval)
{
    Answer answer = json(body);
    answer.dripBytes = bytes;
    answer.dripInterval = interval;
    return answer;
}

Answer bigJson(int megabytes)
{
    Answer answer = json("\"" + QByteArray((1 << 20) - 3, 'x') + "\",");
    answer.prefix = "[";
    answer.suffix = "\"end\"]";
    answer.repeat = megabytes;
    return answer;
}

Answer webSocket(const WebSocketScript &script)
{
    Answer answer = json("{\"message\":\"this address wants a WebSocket\"}", 426);
    answer.webSocket = script;
    return answer;
}

Answer pageWithNext(const QByteArray &body, const QByteArray &nextLink)
{
    Answer answer = json(body);
    answer.headers.append({ "Link", "<" + nextLink + ">; rel=\"next\"" });
    return answer;
}

QByteArray frame(int opcode, const QByteArray &payload, bool isLast)
{
    QByteArray out;
    out += static_cast<char>((isLast ? 0x80 : 0) | opcode);
    const auto size = static_cast<quint64>(payload.size());
    const int lengthBytes = size < 126 ? 0 : size < 65536 ? 2 : 8;
    out += static_cast<char>(lengthBytes == 0 ? static_cast<int>(size)
            : lengthBytes == 2                ? 126
                                              : 127);
    for (int i = lengthBytes - 1; i >= 0; --i)
        out += static_cast<char>((size >> (8 * i)) & 0xff);
    return out + payload;
}

QByteArray textFrame(const QByteArray &payload, bool isLast)
{
    return frame(1, payload, isLast);
}

QByteArray binaryFrame(const QByteArray &payload)
{
    return frame(2, payload);
}

QByteArray gzipped(const QByteArray &unit, int times)
{
    z_stream stream{};
    deflateInit2(&stream, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY);
    QByteArray out;
    QByteArray piece(64 * 1024, Qt::Uninitialized);
    for (int i = 0; i < times; ++i) {
        stream.next_in = reinterpret_cast<Bytef *>(const_cast<char *>(unit.constData()));
        stream.avail_in = static_cast<uInt>(unit.size());
        do {
            stream.next_out = reinterpret_cast<Bytef *>(piece.data());
            stream.avail_out = static_cast<uInt>(piece.size());
            deflate(&stream, i + 1 == times ? Z_FINISH : Z_NO_FLUSH);
            out.append(piece.constData(), piece.size() - static_cast<qsizetype>(stream.avail_out));
        } while (stream.avail_out == 0);
    }
    deflateEnd(&stream);
    return out;
}

} // namespace faultline::tests
