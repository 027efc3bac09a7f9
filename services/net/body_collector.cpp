// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/net/body_collector.h"

#include <QCoreApplication>

#include <zlib.h>

#include <algorithm>

namespace faultline::net {

using domain::ErrorKind;

namespace {
constexpr qsizetype roomBehind = 64; // a fast reader of JSON looks at bytes behind the end
}

struct BodyCollector::Unpacker
{
    z_stream stream{};
    bool usable
        = inflateInit2(&stream, 15 + 32) == Z_OK; // 32: find out by itself whether gzip or zlib

    Unpacker() = default;
    Unpacker(const Unpacker &) = delete;
    Unpacker &operator=(const Unpacker &) = delete;
    ~Unpacker() { inflateEnd(&stream); }
};

BodyCollector::BodyCollector(const QByteArray &contentEncoding, qint64 maxBody, qint64 expected)
    : m_encoding(contentEncoding.trimmed().toLower())
    , m_maxBody(maxBody)
{
    if (m_encoding == "gzip" || m_encoding == "x-gzip" || m_encoding == "deflate")
        m_unpacker = std::make_unique<Unpacker>();
    else
        m_expected = expected;
}

BodyCollector::~BodyCollector() = default;

tl::unexpected<domain::Error> BodyCollector::tooLarge() const
{
    return domain::failure(ErrorKind::Server,
        QCoreApplication::translate(
            "net", "The answer is larger than %1 MiB and was not read to its end. Ask for less.")
            .arg(static_cast<double>(m_maxBody) / (1 << 20), 0, 'g', 4));
}

domain::Result<std::monostate> BodyCollector::append(const char *bytes, qsizetype size)
{
    m_size += size;
    if (m_size > m_maxBody)
        return tooLarge();
    if (m_sink)
        return m_sink->write({ bytes, size });
    const qsizetype needed = m_body.size() + size + roomBehind;
    if (m_body.capacity() < needed) {
        qsizetype grown = 2 * m_body.size() + 65'536;
        if (m_expected > 0) // said by the server: believed as far as it goes
            grown = std::min<qsizetype>(grown, m_expected + roomBehind);
        m_body.reserve(std::max(needed, grown));
    }
    m_body.append(bytes, size);
    return std::monostate();
}

domain::Result<std::monostate> BodyCollector::add(const QByteArray &wire)
{
    m_wireBytes += wire.size();
    if (m_unpacker)
        return unpack(wire);
    if (!m_encoding.isEmpty() && m_encoding != "identity")
        return domain::failure(ErrorKind::Server,
            QCoreApplication::translate(
                "net", "The server packed its answer in a way that was not asked for."));
    return append(wire.constData(), wire.size());
}

domain::Result<std::monostate> BodyCollector::unpack(const QByteArray &wire)
{
    z_stream &stream = m_unpacker->stream;
    QByteArray piece(64 * 1024, Qt::Uninitialized);
    stream.next_in = reinterpret_cast<Bytef *>(const_cast<char *>(wire.constData()));
    stream.avail_in = static_cast<uInt>(wire.size());
    bool mayHoldMore = m_unpacker->usable;
    while (mayHoldMore) {
        if (m_memberEnded && stream.avail_in > 0) {
            inflateReset(&stream);
            m_memberEnded = false;
        }
        stream.next_out = reinterpret_cast<Bytef *>(piece.data());
        stream.avail_out = static_cast<uInt>(piece.size());
        const int status = inflate(&stream, Z_NO_FLUSH);
        if (status != Z_OK && status != Z_STREAM_END && status != Z_BUF_ERROR)
            break;
        const qsizetype unpacked = piece.size() - static_cast<qsizetype>(stream.avail_out);
        if (const auto added = append(piece.constData(), unpacked); !added)
            return added;
        m_memberEnded = m_memberEnded || status == Z_STREAM_END;
        if (stream.avail_in == 0 && stream.avail_out > 0)
            return std::monostate();
        mayHoldMore = status != Z_BUF_ERROR || stream.avail_out == 0;
    }
    return domain::failure(ErrorKind::Server,
        QCoreApplication::translate("net", "The packed answer of the server is broken."));
}

bool BodyCollector::isWhole() const
{
    return !m_unpacker || m_memberEnded || m_wireBytes == 0;
}

} // namespace faultline::net
