// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/lab/http/router.h"

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace faultline::lab {

/// Strict: nothing when a "%" is not followed by two hexadecimal digits. With `plusIsSpace`, as in
/// queries and forms.
[[nodiscard]] std::optional<std::string> percentDecoded(
    std::string_view text, bool plusIsSpace = false);
/// Escapes everything but letters, digits and "-._~".
[[nodiscard]] std::string percentEncoded(std::string_view text);

/// "a=1&b=2" in order; keys may repeat. Nothing when an escape is broken.
[[nodiscard]] std::optional<std::vector<std::pair<std::string, std::string>>> parsedQuery(
    std::string_view text);

/// Fills path, segments and query from a request target ("/a/b?c=d", or absolute form). False when
/// it can't be understood, holds a NUL, or would climb ("..", also escaped).
[[nodiscard]] bool fillTarget(Request &request, std::string_view target);

/// A trailing slash is not a segment; an empty path has none.
[[nodiscard]] std::optional<std::vector<std::string>> pathSegments(std::string_view path);

} // namespace faultline::lab
