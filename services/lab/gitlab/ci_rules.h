// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <vector>

#include "services/lab/gitlab/ci_config.h"
#include "services/lab/gitlab/ci_expression.h"

namespace faultline::lab {

/// The first rule whose condition holds; null when none does.
[[nodiscard]] const CiRule *firstMatching(
    const std::vector<CiRule> &rules, const VariableMap &variables);

/// Puts `more` over `variables`.
void overlay(VariableMap &variables, const Variables &more);

} // namespace faultline::lab
