// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace faultline::lab {

/// A zip archive of a few texts (name, content), in memory; nothing when libarchive fails.
[[nodiscard]] std::optional<std::string> zipOf(
    const std::vector<std::pair<std::string, std::string>> &files);

} // namespace faultline::lab
