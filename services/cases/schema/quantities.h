// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace faultline::cases {

/// "500ms", "90s", "1h30m", "2d"; a number without a unit is refused, since nobody can tell what it
/// means. Nothing above ten years.
[[nodiscard]] std::optional<std::chrono::milliseconds> parseDuration(std::string_view text);

/// The shortest text that parseDuration() reads back: "1h30m", "250ms", "0s".
[[nodiscard]] std::string durationText(std::chrono::milliseconds duration);

/// "512MiB", "4GiB", "1.5GiB", "1000000" (bytes).
[[nodiscard]] std::optional<std::int64_t> parseBytes(std::string_view text);

[[nodiscard]] std::optional<std::int64_t> parseInteger(std::string_view text);
[[nodiscard]] std::optional<double> parseNumber(std::string_view text);

/// Only `true` and `false`: YAML 1.1's yes, no, on and off mean different things to different
/// readers.
[[nodiscard]] std::optional<bool> parseBool(std::string_view text);

/// A word that YAML 1.1 reads as a boolean and YAML 1.2 as text ("yes", "on", "Off", "n").
[[nodiscard]] bool isYamlTrap(std::string_view text);

} // namespace faultline::cases
