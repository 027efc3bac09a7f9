// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/ci/ci_runners.h"
#include "services/ci/gitlab/gitlab_verbs.h"

namespace faultline::ci::gitlab {

/// CiRunners on /runners and …/runners (facts: gitlab.md §6.1).
class GitLabRunners : public CiRunners, private GitLabVerbs
{
public:
    using GitLabVerbs::GitLabVerbs;

    [[nodiscard]] net::Call list(Filter filter, domain::Done<QList<domain::Runner>> done) override;
    [[nodiscard]] net::Call one(domain::RunnerId id, domain::Done<domain::Runner> done) override;
    [[nodiscard]] net::Call jobs(domain::RunnerId id, QString status, int limit,
        domain::Done<QList<domain::Job>> done) override;
    [[nodiscard]] net::Call setPaused(
        domain::RunnerId id, bool isPaused, domain::Done<domain::Runner> done) override;
};

} // namespace faultline::ci::gitlab
