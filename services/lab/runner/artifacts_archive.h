// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include <tl/expected.hpp>

namespace faultline::lab {

/// Files of `root` (relative, sorted; folders and ".git" left out, links not followed) that match
/// one of `patterns` and none of `excluded`.
[[nodiscard]] std::vector<std::string> matchingFiles(const std::filesystem::path &root,
    const std::vector<std::string> &patterns, const std::vector<std::string> &excluded);

/// Packs files of `root` into a zip at `target`.
[[nodiscard]] tl::expected<void, std::string> writeZip(const std::filesystem::path &target,
    const std::filesystem::path &root, const std::vector<std::string> &files);

/// Packs the contents of files, one after another, into a gzip at `target`, as GitLab stores
/// reports.
[[nodiscard]] tl::expected<void, std::string> writeGzip(const std::filesystem::path &target,
    const std::filesystem::path &root, const std::vector<std::string> &files);

/// Unpacks a zip into `root`; entries that point outside are refused.
[[nodiscard]] tl::expected<void, std::string> extractZip(
    const std::string &zip, const std::filesystem::path &root);

} // namespace faultline::lab
