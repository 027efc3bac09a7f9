// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/ci/ci_triggers.h"
#include "services/ci/gitlab/gitlab_verbs.h"

namespace faultline::ci::gitlab {

/// CiTriggers on …/triggers (facts: gitlab.md §5).
class GitLabTriggers : public CiTriggers, private GitLabVerbs
{
public:
    using GitLabVerbs::GitLabVerbs;

    [[nodiscard]] net::Call list(domain::Done<QList<domain::CiTrigger>> done) override;
    [[nodiscard]] net::Call one(
        domain::TriggerId id, domain::Done<domain::CiTrigger> done) override;
    [[nodiscard]] net::Call create(
        QString description, QDateTime expiresAt, domain::Done<domain::CiTrigger> done) override;
    [[nodiscard]] net::Call rename(
        domain::TriggerId id, QString description, domain::Done<domain::CiTrigger> done) override;
    [[nodiscard]] net::Call remove(domain::TriggerId id, domain::Done<void> done) override;

private:
    [[nodiscard]] QString path(domain::TriggerId id) const;
};

} // namespace faultline::ci::gitlab
