// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

namespace faultline::lab {

/// What is wrong with a .gitlab-ci.yml, and where.
struct CiError
{
    int line = 0; ///< 1-based; 0 = not at one line
    std::string key; ///< "jobs:soak:timeout", empty for the file as a whole
    std::string message;
    std::string file = {}; ///< empty: the file itself, not one that it includes

    /// "line 12: jobs:soak:timeout: message"
    [[nodiscard]] std::string text() const
    {
        std::string out = file.empty() ? std::string() : file + ": ";
        if (line > 0)
            out += "line " + std::to_string(line) + ": ";
        if (!key.empty())
            out += key + ": ";
        return out + message;
    }
};

} // namespace faultline::lab
