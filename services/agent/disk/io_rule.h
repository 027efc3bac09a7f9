// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/agent/frame/boot_clock.h"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <sys/types.h>

namespace faultline::agent {

/// What a program does with a file, by groups of system calls.
enum class FileOperation { Open, Read, Write, Sync };

/// Which transfers are disturbed, and how.
struct IoRule
{
    std::string path; ///< a file or a folder with all below it, as the target sees it
    std::optional<FileOperation> operation; ///< all of them when missing
    double percent = 100;
    BootClock::duration delay{ 0 };
    BootClock::duration jitter{ 0 }; ///< up to so much less or more
    int error = 0; ///< errno to fail with; 0: only delayed

    /// Whether a path is the rule's or below it.
    [[nodiscard]] bool covers(std::string_view file) const;
};

/// A system call of x86-64 as its caller sees it.
struct SystemCall
{
    std::uint64_t number = 0;
    std::array<std::uint64_t, 6> arguments{};
};

/// The group of a system call; nothing for one that transfers nothing.
[[nodiscard]] std::optional<FileOperation> operationOf(std::uint64_t number);

/// The path that a call of a thread is about: of its descriptor, or of the name that it opens.
/// Empty: none that is known.
[[nodiscard]] std::string pathOf(pid_t thread, const SystemCall &call);

} // namespace faultline::agent
