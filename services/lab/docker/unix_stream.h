// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/lab/docker/cancellation.h"

#include <chrono>
#include <cstddef>
#include <string>
#include <system_error>

namespace faultline::lab {

/// A blocking connection to a unix socket that a deadline or a cancellation ends.
class UnixStream
{
public:
    explicit UnixStream(Cancellation cancellation);
    ~UnixStream();
    UnixStream(const UnixStream &) = delete;
    UnixStream &operator=(const UnixStream &) = delete;

    [[nodiscard]] std::error_code connect(const std::string &path);
    /// For poll(), once connected.
    [[nodiscard]] int descriptor() const { return m_socket; }
    /// The longest time without a byte; 0 = for ever.
    void setPatience(std::chrono::milliseconds patience) { m_patience = patience; }

    /// At least one byte, or an error: timed_out, operation_canceled, or the system's. 0 without
    /// error: the end.
    [[nodiscard]] std::size_t read(char *bytes, std::size_t size, std::error_code &error);
    [[nodiscard]] std::size_t write(const char *bytes, std::size_t size, std::error_code &error);

private:
    [[nodiscard]] std::error_code wait(short events) const;

    Cancellation m_cancellation;
    std::chrono::milliseconds m_patience{ 0 };
    int m_socket = -1;
};

} // namespace faultline::lab
