// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <sys/types.h>

namespace faultline::agent {

/// The memory of another process, also what is read-only there (/proc/PID/mem; takes
/// CAP_SYS_PTRACE). Bound to the program that ran when it was opened: after an exec of the process
/// nothing can be read or written by accident.
class ProcessMemory
{
public:
    explicit ProcessMemory(pid_t process);
    ProcessMemory(const ProcessMemory &) = delete;
    ProcessMemory &operator=(const ProcessMemory &) = delete;
    ~ProcessMemory();

    [[nodiscard]] bool isOpen() const { return m_file >= 0; }
    /// True: all bytes. On false the reason is in errno.
    [[nodiscard]] bool read(std::uintptr_t address, std::span<std::byte> into) const;
    [[nodiscard]] bool write(std::uintptr_t address, std::span<const std::byte> bytes) const;

private:
    int m_file;
};

} // namespace faultline::agent
