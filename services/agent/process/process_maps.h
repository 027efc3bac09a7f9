// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <sys/types.h>

namespace faultline::agent {

struct AddressRange
{
    std::uintptr_t begin = 0;
    std::uintptr_t end = 0;

    [[nodiscard]] std::size_t size() const { return end - begin; }
    [[nodiscard]] bool contains(std::uintptr_t address) const
    {
        return address >= begin && address < end;
    }
};

/// The first mapping of a process whose name ends so (`[vdso]`, `[stack]`, a path), from
/// /proc/PID/maps. Nothing if there is none, if the process is gone, or if its maps may not be read
/// (that takes CAP_SYS_PTRACE for another user's process).
[[nodiscard]] std::optional<AddressRange> mappedRange(pid_t process, std::string_view name);

} // namespace faultline::agent
