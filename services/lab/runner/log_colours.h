// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

namespace faultline::lab {

/// Text in the colours in which gitlab-runner writes its own lines.
[[nodiscard]] inline std::string green(const std::string &text)
{
    return "\033[32;1m" + text + "\033[0;m";
}
[[nodiscard]] inline std::string red(const std::string &text)
{
    return "\033[31;1m" + text + "\033[0;m";
}
[[nodiscard]] inline std::string yellow(const std::string &text)
{
    return "\033[0;33m" + text + "\033[0;m";
}

} // namespace faultline::lab
