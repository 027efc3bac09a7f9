// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/lab/rancher/compose_yaml.h"

#include <cstdint>
#include <string>

/// Values of compose files as they are written; the errors are the rest of a sentence: "… must be a
/// number".
namespace faultline::lab::compose {

[[nodiscard]] tl::unexpected<std::string> wrong(std::string text);
[[nodiscard]] tl::expected<std::string, std::string> textFrom(const YamlTree &value);
[[nodiscard]] tl::expected<bool, std::string> truthFrom(const YamlTree &value);
[[nodiscard]] tl::expected<std::int64_t, std::string> numberFrom(const YamlTree &value);
/// "512m", "1g", "64k", "100b" or a number of bytes.
[[nodiscard]] tl::expected<std::int64_t, std::string> bytesFrom(const YamlTree &value);
/// "10s", "1m30s" or seconds.
[[nodiscard]] tl::expected<std::int64_t, std::string> secondsFrom(const YamlTree &value);
/// A list of texts, or one text.
[[nodiscard]] tl::expected<Json, std::string> listFrom(const YamlTree &value);
/// A map, or a list of "name=value".
[[nodiscard]] tl::expected<Json, std::string> mapFrom(const YamlTree &value);
/// A list, or a text split like a shell does: blanks, quotes and backslashes; nothing is expanded.
[[nodiscard]] tl::expected<Json, std::string> wordsFrom(const YamlTree &value);
/// The value as it is, every scalar a text.
[[nodiscard]] Json plainJson(const YamlTree &value);

} // namespace faultline::lab::compose
