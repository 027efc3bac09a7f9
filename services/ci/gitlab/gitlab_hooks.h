// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/ci/ci_hooks.h"
#include "services/ci/gitlab/gitlab_verbs.h"

namespace faultline::ci::gitlab {

/// CiHooks on …/hooks (docs.gitlab.com/api/project_webhooks).
class GitLabHooks : public CiHooks, private GitLabVerbs
{
public:
    using GitLabVerbs::GitLabVerbs;

    [[nodiscard]] net::Call list(domain::Done<QList<domain::Hook>> done) override;
    [[nodiscard]] net::Call one(domain::HookId id, domain::Done<domain::Hook> done) override;
    [[nodiscard]] net::Call create(HookSpec spec, domain::Done<domain::Hook> done) override;
    [[nodiscard]] net::Call change(
        domain::HookId id, HookSpec spec, domain::Done<domain::Hook> done) override;
    [[nodiscard]] net::Call remove(domain::HookId id, domain::Done<void> done) override;
    [[nodiscard]] net::Call test(
        domain::HookId id, Subject subject, domain::Done<void> done) override;
    [[nodiscard]] net::Call events(
        domain::HookId id, int limit, domain::Done<QList<domain::HookEvent>> done) override;
    [[nodiscard]] net::Call resend(
        domain::HookId id, domain::HookEventId event, domain::Done<void> done) override;

private:
    [[nodiscard]] QString path(domain::HookId id, const QString &rest = {}) const;
};

} // namespace faultline::ci::gitlab
