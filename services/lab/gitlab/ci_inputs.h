// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <map>
#include <memory>
#include <string>

#include <nlohmann/json.hpp>

#include "services/lab/gitlab/yaml_value.h"

namespace faultline::lab {

using CiInputs = std::map<std::string, nlohmann::json>;

/// Reads a configuration file: a header with `spec:inputs` before a line "---" is taken off,
/// checked against what is given, and its values put in place of every $[[ inputs.NAME ]]. `file`
/// is the name for errors, null for the main file. Throws CiFailure.
[[nodiscard]] YamlValue readWithInputs(
    const std::string &text, const std::shared_ptr<const std::string> &file, const CiInputs &given);

} // namespace faultline::lab
