// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace faultline::lab {

/// Bash source that goes into `directory` and runs the lines there in order, each shown before it
/// runs; the first that fails ends it.
[[nodiscard]] std::string stepScript(
    const std::vector<std::string> &lines, const std::string &directory);

/// Bash source that brings `directory` to the commit. The token comes through git's environment,
/// not from here.
[[nodiscard]] std::string sourcesScript(const std::string &directory,
    const std::string &repositoryUrl, const std::string &sha, const std::string &ref);

/// The text as one word of bash.
[[nodiscard]] std::string quotedForShell(std::string_view text);

} // namespace faultline::lab
