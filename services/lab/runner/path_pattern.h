// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string_view>

namespace faultline::lab {

/// True when a relative path, or a folder that it is in, matches a pattern of artifacts:paths: "*"
/// and "?" within one name, "**" across folders, a name alone for itself and all that is in it.
[[nodiscard]] bool pathMatches(std::string_view pattern, std::string_view path);

} // namespace faultline::lab
