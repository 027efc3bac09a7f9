// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include <tl/expected.hpp>

namespace faultline::lab {

struct ProgramCall
{
    std::vector<std::string> arguments; ///< [0] is looked up in PATH; no shell is involved
    std::vector<std::string> environment; ///< "KEY=value", all of it
    std::string_view input; ///< must outlive the call
    std::chrono::milliseconds timeout{ 60'000 };
    std::size_t largestOutput = 256U << 20U; ///< bytes
};

struct ProgramResult
{
    int exitCode = 0;
    std::string output;
    std::string error; ///< at most 64 KiB
};

/// Runs a program to its end; blocks. An error only when it could not be run, took too long or
/// wrote too much.
[[nodiscard]] tl::expected<ProgramResult, std::string> runProgram(const ProgramCall &call);

} // namespace faultline::lab
