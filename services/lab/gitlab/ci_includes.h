// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "services/lab/gitlab/ci_inputs.h"

namespace faultline::lab {

/// Where a configuration's parts come from.
struct CiSources
{
    /// A file of the repository, at the pipeline's commit. Not set: nothing can be included.
    std::function<std::optional<std::string>(const std::string &path)> file;
    CiInputs inputs; ///< for spec:inputs
    bool wantsMergedYaml = false; ///< CiConfig::mergedYaml is filled in
};

/// Works `include` in: what is included first is overruled by what is included later, and all of it
/// by the file itself. Appends the names to `included`. Throws CiFailure.
void resolveIncludes(YamlValue &root, const CiSources &sources, std::vector<std::string> &included);

/// Reads files of the repository and merges them in order, with what they include.
[[nodiscard]] YamlValue readMerged(const std::vector<std::string> &files, const CiSources &sources,
    std::vector<std::string> &included);

} // namespace faultline::lab
