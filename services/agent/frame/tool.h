// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/agent/frame/boot_clock.h"

#include <string>
#include <vector>

namespace faultline::agent {

/// How a program that was run ended.
struct ToolEnd
{
    int code = -1; ///< exit code; 127: could not be started; -1: killed, also by the deadline
    bool timedOut = false;
    std::string output; ///< standard output, at most 1 MiB
    std::string errors; ///< standard error, at most 64 KiB

    [[nodiscard]] bool good() const { return code == 0; }
    /// The program's own words for a failure, one line, cut to a bearable length.
    [[nodiscard]] std::string words() const;
};

struct ToolRun
{
    std::vector<std::string>
        arguments; ///< arguments[0]: the program, by full path or looked up in PATH
    std::string input;
    BootClock::duration within = std::chrono::seconds(10);
};

/// Runs a program to its end with `input` on its standard input; kills it (its whole process group)
/// when it takes longer. Restores the signal mask that the agent blocks. Blocks the caller.
[[nodiscard]] ToolEnd runTool(const ToolRun &run);

/// The full path of a program (nft, stress-ng …), empty when this image doesn't have it.
[[nodiscard]] std::string findTool(const std::string &name);

} // namespace faultline::agent
