// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/cases/schema/map_reader.h"

#include <map>
#include <optional>
#include <string>

namespace faultline::cases {

/// Values of a case's parameters by name, as written.
using ParameterValues = std::map<std::string, std::string>;

/// Why `text` can't be the parameter's value ("must be at most 30s"); empty when it can.
[[nodiscard]] std::optional<std::string> problemOfValue(
    const Parameter &parameter, const std::string &text);

/// The value of each parameter: what `chosen` says, else its default. Reports bounds and defaults
/// that contradict each other, values that don't fit, parameters without a value, and chosen names
/// that the case does not have.
[[nodiscard]] ParameterValues resolveParameters(const std::vector<Parameter> &parameters,
    const ParameterValues &chosen, const Reporter &reporter);

/// Replaces `${{ name }}` in every scalar below `value`, keys excepted. A name that `values` does
/// not have is reported with the nearest one. Values are not looked at again, so that one can't
/// bring another in.
void substituteParameters(
    yaml::Value &value, const ParameterValues &values, const Reporter &reporter);

} // namespace faultline::cases
