// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include <tl/expected.hpp>

namespace faultline::lab {

/// Writes a whole file with mode 0600, its folders too; in place of an older one at once or not at
/// all.
[[nodiscard]] tl::expected<void, std::string> writeFile(
    const std::filesystem::path &path, std::string_view content);
/// Nothing when it can't be read.
[[nodiscard]] std::optional<std::string> readFile(const std::filesystem::path &path);

} // namespace faultline::lab
