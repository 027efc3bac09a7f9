// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/stacks/docker_frames.h"

#include <QtEndian>

#include <algorithm>

namespace faultline::stacks {

namespace {

constexpr qsizetype headerSize = 8;

bool isHeader(const QByteArray &bytes)
{
    return bytes[0] <= 2 && bytes[0] >= 0 && bytes[1] == 0 && bytes[2] == 0 && bytes[3] == 0;
}

} // namespace

QByteArray DockerFrames::add(const QByteArray &bytes)
{
    QByteArray out;
    qsizetype at = 0;
    while (at < bytes.size()) {
        if (m_isRaw)
            return out + bytes.mid(at);
        if (m_left > 0) {
            const qsizetype part = std::min<qsizetype>(m_left, bytes.size() - at);
            out += bytes.mid(at, part);
            m_left -= static_cast<quint32>(part);
            at += part;
            continue;
        }
        const qsizetype part = std::min(headerSize - m_header.size(), bytes.size() - at);
        m_header += bytes.mid(at, part);
        at += part;
        if (m_header.size() < headerSize)
            break;
        m_isRaw = !isHeader(m_header);
        if (m_isRaw)
            out += m_header;
        else
            m_left = qFromBigEndian<quint32>(m_header.constData() + 4);
        m_header.clear();
    }
    return out;
}

} // namespace faultline::stacks
