// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/lab/gitlab/yaml_value.h"

namespace faultline::lab {

/// Puts `above` over `base`: maps are merged, all else is replaced.
void mergeYaml(YamlValue &base, const YamlValue &above);

/// Replaces every `!reference [job, key, …]` below `root` by what it points to. Throws CiFailure.
void resolveReferences(YamlValue &root);

/// The job of this name with the jobs that it extends merged in: maps are merged, all else is
/// replaced. Throws CiFailure, also on circles and on more than eleven levels.
[[nodiscard]] YamlValue extendedJob(const YamlValue &root, const std::string &name);

} // namespace faultline::lab
