// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/ci/gitlab/trace_progress.h"

namespace faultline::ci::gitlab {

namespace {

constexpr qsizetype overlap = 256;

quint64 continuedHash(quint64 hash, QByteArrayView bytes)
{
    for (const char byte : bytes)
        hash = (hash ^ static_cast<unsigned char>(byte)) * 1099511628211ULL;
    return hash;
}

} // namespace

TraceProgress::Step TraceProgress::takeWhole(const QByteArray &body)
{
    const bool isLonger = body.size() >= m_size;
    const bool continues = isLonger
        && continuedHash(14695981039346656037ULL, QByteArrayView(body).first(m_size)) == m_hash;
    Step out;
    if (continues) {
        out.added = body.mid(m_size);
    } else {
        *this = TraceProgress();
        out.isReplaced = true;
        out.added = body;
    }
    append(out.added);
    return out;
}

std::optional<TraceProgress::Step> TraceProgress::takePart(const QByteArray &body)
{
    if (!body.startsWith(m_tail))
        return std::nullopt;
    Step out;
    out.added = body.mid(m_tail.size());
    append(out.added);
    return out;
}

void TraceProgress::append(QByteArrayView bytes)
{
    m_size += bytes.size();
    m_hash = continuedHash(m_hash, bytes);
    m_tail.append(bytes.last(std::min(bytes.size(), overlap)));
    m_tail = m_tail.last(std::min(m_tail.size(), overlap));
}

} // namespace faultline::ci::gitlab
