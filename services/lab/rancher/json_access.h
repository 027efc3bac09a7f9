// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <nlohmann/json.hpp>

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace faultline::lab {

using Json = nlohmann::json;

/// Reading of JSON whose shape nobody vouches for: a missing member or another type gives the
/// fallback.
[[nodiscard]] std::string textOf(
    const Json &object, const char *key, const std::string &fallback = {});
[[nodiscard]] std::int64_t numberOf(const Json &object, const char *key, std::int64_t fallback = 0);
[[nodiscard]] bool truthOf(const Json &object, const char *key, bool fallback = false);
/// An object or array, or an empty one of that kind.
[[nodiscard]] const Json &objectOf(const Json &object, const char *key);
[[nodiscard]] const Json &arrayOf(const Json &object, const char *key);
[[nodiscard]] std::vector<std::string> textsOf(const Json &object, const char *key);
[[nodiscard]] std::map<std::string, std::string> textMapOf(const Json &object, const char *key);

/// Compact text; bytes that are not UTF-8 are replaced.
[[nodiscard]] std::string dumped(const Json &value);

} // namespace faultline::lab
