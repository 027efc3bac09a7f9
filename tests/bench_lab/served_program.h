// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

#include <sys/types.h>

namespace faultline::bench {

/// A server that runs beside the benchmark and is ended with it.
class ServedProgram
{
public:
    explicit ServedProgram(const std::vector<std::string> &command);
    ~ServedProgram();
    ServedProgram(const ServedProgram &) = delete;
    ServedProgram &operator=(const ServedProgram &) = delete;

    /// Waits until its port takes connections.
    [[nodiscard]] bool isListening(int port) const;
    /// Of it and its own children, in MiB.
    [[nodiscard]] double residentMiB() const;

private:
    pid_t m_pid = -1;
};

/// A port of this machine that nobody listens on.
[[nodiscard]] int freePort();

} // namespace faultline::bench
