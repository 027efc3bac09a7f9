// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/ci/gitlab/gitlab_artifacts.h"
#include "services/ci/gitlab/gitlab_backend.h"
#include "services/ci/gitlab/gitlab_checks.h"
#include "services/ci/gitlab/gitlab_commits.h"
#include "services/ci/gitlab/gitlab_hooks.h"
#include "services/ci/gitlab/gitlab_pipelines.h"
#include "services/ci/gitlab/gitlab_releases.h"
#include "services/ci/gitlab/gitlab_runners.h"
#include "services/ci/gitlab/gitlab_schedules.h"
#include "services/ci/gitlab/gitlab_triggers.h"

namespace faultline::ci {

/// The verbs of a GitLabBackend by topic; all of them use its one client.
struct GitLabBackend::Topics
{
    explicit Topics(const std::shared_ptr<gitlab::GitLabClient> &client)
        : pipelines(client)
        , artifacts(client)
        , schedules(client)
        , triggers(client)
        , runners(client)
        , releases(client)
        , commits(client)
        , checks(client)
        , hooks(client)
    {
    }

    gitlab::GitLabPipelines pipelines;
    gitlab::GitLabArtifacts artifacts;
    gitlab::GitLabSchedules schedules;
    gitlab::GitLabTriggers triggers;
    gitlab::GitLabRunners runners;
    gitlab::GitLabReleases releases;
    gitlab::GitLabCommits commits;
    gitlab::GitLabChecks checks;
    gitlab::GitLabHooks hooks;
};

} // namespace faultline::ci
