// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "services/lab/gitlab/ci_config.h"
#include "services/lab/gitlab/ci_expression.h"

namespace faultline::lab {

/// Files of a commit, as rules:changes and rules:exists see them.
struct CommitFiles
{
    std::optional<std::vector<std::string>> changed; ///< none: not known, every pattern matches
    std::vector<std::string> all;
};

/// The first rule whose conditions hold; null when none does.
[[nodiscard]] const CiRule *firstMatching(
    const std::vector<CiRule> &rules, const VariableMap &variables, const CommitFiles &files);

/// Puts `more` over `variables`.
void overlay(VariableMap &variables, const Variables &more);

} // namespace faultline::lab
