// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>

namespace faultline::runs {

/// Writes every byte to an open file; the system's reason when it can't.
[[nodiscard]] std::optional<std::string> writeAll(int file, const std::string &bytes);

/// Replaces a file's contents in one step, folders above it made as needed; the reason when that
/// fails, and then what was there before is still there. `isSynced`: it is on the disk when this
/// returns, so that a power loss can't take it back.
[[nodiscard]] std::optional<std::string> replaceFile(
    const std::string &path, const std::string &bytes, bool isSynced = false);

/// Puts the names in a file's folder onto the disk; the reason when that fails. A file system that
/// has no such thing has done its best.
[[nodiscard]] std::optional<std::string> syncFolder(const std::string &path);

} // namespace faultline::runs
