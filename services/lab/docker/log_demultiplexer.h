// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/lab/docker/engine.h"

#include <string>
#include <string_view>

namespace faultline::lab {

/// Takes Docker's multiplexed log stream apart: frames of 8 bytes header (stream, 0, 0, 0, length
/// as 32 bits big endian) and payload, cut anywhere by the transport.
class LogDemultiplexer
{
public:
    explicit LogDemultiplexer(Engine::LogReceiver receive);

    /// False when the receiver wants no more.
    [[nodiscard]] bool feed(std::string_view bytes);

private:
    Engine::LogReceiver m_receive;
    std::string m_header;
    std::size_t m_remaining = 0;
    LogStream m_stream = LogStream::Stdout;
};

} // namespace faultline::lab
