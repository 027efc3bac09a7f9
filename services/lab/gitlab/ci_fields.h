// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "services/lab/gitlab/ci_config.h"
#include "services/lab/gitlab/yaml_value.h"

namespace faultline::lab {

/// Thrown by the field readers below and caught in readCiConfig; it never leaves the reader.
struct CiFailure
{
    CiError error;
};

/// Where a value stands: its dotted key, for errors.
using CiKey = std::string;

[[noreturn]] void failAt(const YamlValue &value, const CiKey &key, std::string message);
/// Throws on the first key of a map that is not in `known`.
void requireKnownKeys(
    const YamlValue &map, const CiKey &key, std::initializer_list<std::string_view> known);
void requireMap(const YamlValue &value, const CiKey &key);

[[nodiscard]] std::string readText(const YamlValue &value, const CiKey &key);
[[nodiscard]] bool readBoolean(const YamlValue &value, const CiKey &key);
[[nodiscard]] int readInteger(const YamlValue &value, const CiKey &key, int least, int most);
/// A text or a list of texts, nested up to ten levels (as `!reference` makes them).
[[nodiscard]] std::vector<std::string> readTexts(const YamlValue &value, const CiKey &key);
/// An integer or a list of integers.
[[nodiscard]] std::vector<int> readIntegers(const YamlValue &value, const CiKey &key);
[[nodiscard]] Variables readVariables(const YamlValue &value, const CiKey &key);
[[nodiscard]] When readWhen(
    const YamlValue &value, const CiKey &key, std::initializer_list<When> allowed);
[[nodiscard]] std::vector<CiRule> readRules(
    const YamlValue &value, const CiKey &key, bool ofWorkflow);
[[nodiscard]] CiAutoCancel readAutoCancel(const YamlValue &value, const CiKey &key);
/// "24h", "1h 30m", "3 hours 4 minutes", "90 minutes", plain seconds.
[[nodiscard]] std::int64_t readDuration(const YamlValue &value, const CiKey &key);
[[nodiscard]] std::optional<std::int64_t> parseDuration(std::string_view text);

} // namespace faultline::lab
