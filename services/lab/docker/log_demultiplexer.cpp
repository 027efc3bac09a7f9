// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/lab/docker/log_demultiplexer.h"

#include <algorithm>
#include <utility>

namespace faultline::lab {

namespace {

constexpr std::size_t headerSize = 8;

} // namespace

LogDemultiplexer::LogDemultiplexer(Engine::LogReceiver receive)
    : m_receive(std::move(receive))
{
}

bool LogDemultiplexer::feed(std::string_view bytes)
{
    while (!bytes.empty()) {
        if (m_remaining == 0) {
            const std::size_t missing = std::min(headerSize - m_header.size(), bytes.size());
            m_header.append(bytes.substr(0, missing));
            bytes.remove_prefix(missing);
            if (m_header.size() < headerSize)
                return true;
            for (std::size_t i = 4; i < headerSize; ++i)
                m_remaining = m_remaining << 8U | static_cast<unsigned char>(m_header[i]);
            m_stream = m_header[0] == 2 ? LogStream::Stderr : LogStream::Stdout;
            m_header.clear();
            continue;
        }
        const std::string_view payload = bytes.substr(0, m_remaining);
        m_remaining -= payload.size();
        bytes.remove_prefix(payload.size());
        if (!m_receive(m_stream, payload))
            return false;
    }
    return true;
}

} // namespace faultline::lab
