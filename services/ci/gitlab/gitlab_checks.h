// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/ci/ci_checks.h"
#include "services/ci/gitlab/gitlab_verbs.h"

namespace faultline::ci::gitlab {

/// CiChecks on …/ci/lint and /personal_access_tokens/self (facts: gitlab.md §1, §9).
class GitLabChecks : public CiChecks, private GitLabVerbs
{
public:
    using GitLabVerbs::GitLabVerbs;

    [[nodiscard]] net::Call lint(LintRequest request, domain::Done<domain::CiLint> done) override;
    [[nodiscard]] net::Call token(domain::Done<domain::TokenFacts> done) override;
};

} // namespace faultline::ci::gitlab
