// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

namespace faultline::bench {

/// What one run of a program cost.
struct Cost
{
    double wallMs = 0;
    double cpuMs = 0; ///< user and system time of the program and its own children
    double peakMiB = 0;
    int exitCode = -1;
    std::string out; ///< its standard output
};

/// Runs a program (looked up in PATH) and measures it with wait4. `environment` adds "NAME=value"
/// to ours.
[[nodiscard]] Cost measure(
    const std::vector<std::string> &command, const std::vector<std::string> &environment = {});

/// True when a program of this name is in PATH.
[[nodiscard]] bool isInstalled(const std::string &program);

} // namespace faultline::bench
