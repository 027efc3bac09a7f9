// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace faultline::lab {

/// A pattern of rules:changes and rules:exists, as Ruby's File.fnmatch with PATHNAME, DOTMATCH and
/// EXTGLOB takes it: "*", "?", "[…]" within a folder, "**/" over folders, "{a,b}".
class RubyGlob
{
public:
    explicit RubyGlob(std::string_view pattern);

    [[nodiscard]] bool matches(std::string_view path) const;

private:
    std::vector<std::vector<std::string>> m_alternatives; // segments of each
};

} // namespace faultline::lab
