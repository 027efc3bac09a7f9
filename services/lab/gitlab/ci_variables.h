// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

#include "services/lab/gitlab/ci_expression.h"
#include "services/lab/gitlab/git_repository.h"
#include "services/lab/gitlab/store_records.h"

namespace faultline::lab {

/// The predefined variables that are known before a pipeline has an id: source, ref, commit,
/// project.
[[nodiscard]] VariableMap commitVariables(const std::string &source, const std::string &ref,
    bool tag, const std::string &beforeSha, const CommitRecord &commit,
    const std::string &projectPath);

} // namespace faultline::lab
