// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <optional>
#include <string>

namespace faultline::lab {

/// The bytes of one file of a zip; nothing when it isn't there or is larger than 512 MiB.
[[nodiscard]] std::optional<std::string> fileOfZip(
    const std::filesystem::path &zip, const std::string &name);

} // namespace faultline::lab
