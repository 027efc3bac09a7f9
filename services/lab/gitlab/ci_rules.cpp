// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/lab/gitlab/ci_rules.h"

#include <algorithm>

#include "services/lab/gitlab/pipeline_builder.h"
#include "services/lab/gitlab/ruby_glob.h"

namespace faultline::lab {

namespace {

bool matchesAny(const std::vector<std::string> &patterns, const std::vector<std::string> &files,
    const VariableMap &variables)
{
    return std::any_of(patterns.begin(), patterns.end(), [&](const std::string &pattern) {
        const RubyGlob glob(expandVariables(pattern, variables));
        return std::any_of(files.begin(), files.end(),
            [&](const std::string &file) { return glob.matches(file); });
    });
}

} // namespace

const CiRule *firstMatching(
    const std::vector<CiRule> &rules, const VariableMap &variables, const CommitFiles &files)
{
    const auto holds = [&](const CiRule &rule) {
        if (rule.condition && !rule.condition->holds(variables))
            return false;
        if (rule.changes && files.changed && !matchesAny(*rule.changes, *files.changed, variables))
            return false;
        return !rule.exists || matchesAny(*rule.exists, files.all, variables);
    };
    const auto found = std::find_if(rules.begin(), rules.end(), holds);
    return found == rules.end() ? nullptr : &*found;
}

void overlay(VariableMap &variables, const Variables &more)
{
    for (const auto &[key, value] : more)
        variables.insert_or_assign(key, value);
}

} // namespace faultline::lab
