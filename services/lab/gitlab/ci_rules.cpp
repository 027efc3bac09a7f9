// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/lab/gitlab/ci_rules.h"

#include <algorithm>

namespace faultline::lab {

const CiRule *firstMatching(const std::vector<CiRule> &rules, const VariableMap &variables)
{
    const auto found = std::find_if(rules.begin(), rules.end(),
        [&](const CiRule &rule) { return !rule.condition || rule.condition->holds(variables); });
    return found == rules.end() ? nullptr : &*found;
}

void overlay(VariableMap &variables, const Variables &more)
{
    for (const auto &[key, value] : more)
        variables.insert_or_assign(key, value);
}

} // namespace faultline::lab
