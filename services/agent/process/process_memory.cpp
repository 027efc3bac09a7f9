// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/agent/process/process_memory.h"

#include <cerrno>
#include <fcntl.h>
#include <unistd.h>

namespace faultline::agent {

ProcessMemory::ProcessMemory(pid_t process)
    : m_file(::open(("/proc/" + std::to_string(process) + "/mem").c_str(), O_RDWR | O_CLOEXEC))
{
}

ProcessMemory::~ProcessMemory()
{
    if (m_file >= 0)
        ::close(m_file);
}

bool ProcessMemory::read(std::uintptr_t address, std::span<std::byte> into) const
{
    errno = 0;
    return ::pread(m_file, into.data(), into.size(), static_cast<off_t>(address))
        == static_cast<ssize_t>(into.size());
}

bool ProcessMemory::write(std::uintptr_t address, std::span<const std::byte> bytes) const
{
    errno = 0;
    return ::pwrite(m_file, bytes.data(), bytes.size(), static_cast<off_t>(address))
        == static_cast<ssize_t>(bytes.size());
}

} // namespace faultline::agent
