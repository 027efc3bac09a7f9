// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/ci/ci_commits.h"
#include "services/ci/gitlab/gitlab_verbs.h"

namespace faultline::ci::gitlab {

/// CiCommits on …/statuses/:sha (facts: gitlab.md §7).
class GitLabCommits : public CiCommits, private GitLabVerbs
{
public:
    using GitLabVerbs::GitLabVerbs;

    [[nodiscard]] net::Call statuses(
        QString sha, domain::Done<QList<domain::CommitStatus>> done) override;
    [[nodiscard]] net::Call setStatus(
        CommitStatusSpec spec, domain::Done<domain::CommitStatus> done) override;
};

} // namespace faultline::ci::gitlab
