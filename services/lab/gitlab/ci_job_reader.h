// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/lab/gitlab/ci_config.h"
#include "services/lab/gitlab/yaml_value.h"

namespace faultline::lab {

/// One job's map (with `extends` and `default` worked in) as a CiJob. Throws CiFailure.
[[nodiscard]] CiJob readCiJob(const std::string &name, const YamlValue &value);

} // namespace faultline::lab
