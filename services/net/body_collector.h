// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/net/body_sink.h"

#include <QByteArray>

#include <memory>
#include <variant>

struct z_stream_s;

namespace faultline::net {

/// Gathers the body of one answer as it arrives: unpacks gzip and deflate, and stops at a limit
/// that counts unpacked bytes, so that a small packed body can't fill the memory.
class BodyCollector
{
public:
    /// `contentEncoding` as in the header, may be empty; `expected` is what Content-Length says, 0
    /// when it is absent.
    BodyCollector(const QByteArray &contentEncoding, qint64 maxBody, qint64 expected = 0);
    ~BodyCollector();

    /// From now on bytes go there and not into body(); it must outlive the collector.
    void pourInto(BodySink &sink) { m_sink = &sink; }

    /// Adds bytes from the wire; an error (Server) when the limit is passed or the packing is
    /// broken.
    [[nodiscard]] domain::Result<std::monostate> add(const QByteArray &wire);

    /// True when a packed body has arrived to its end; always true for one that isn't packed.
    [[nodiscard]] bool isWhole() const;

    [[nodiscard]] qint64 wireBytes() const { return m_wireBytes; }
    /// Its buffer has 64 bytes of room behind the end, so that json::parse() needs no copy.
    [[nodiscard]] const QByteArray &body() const { return m_body; }
    [[nodiscard]] QByteArray takeBody() { return std::move(m_body); }

private:
    [[nodiscard]] domain::Result<std::monostate> append(const char *bytes, qsizetype size);
    [[nodiscard]] domain::Result<std::monostate> unpack(const QByteArray &wire);
    [[nodiscard]] tl::unexpected<domain::Error> tooLarge() const;

    struct Unpacker;
    std::unique_ptr<Unpacker> m_unpacker;
    QByteArray m_encoding;
    QByteArray m_body;
    qint64 m_maxBody = 0;
    qint64 m_expected = 0;
    qint64 m_wireBytes = 0;
    qint64 m_size = 0; // unpacked
    BodySink *m_sink = nullptr;
    bool m_memberEnded = false;
};

} // namespace faultline::net
