// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <nlohmann/json.hpp>

#include "services/lab/gitlab/ci_fields.h"

namespace faultline::lab {

/// The `trigger` of a job: child pipelines from files of the repository. Others are refused with
/// CiFailure: there is one project only.
[[nodiscard]] CiTrigger readCiTrigger(const YamlValue &value, const CiKey &key);

/// A YAML value as JSON: plain numbers and booleans as such, all else as text.
[[nodiscard]] nlohmann::json jsonOf(const YamlValue &value);

} // namespace faultline::lab
