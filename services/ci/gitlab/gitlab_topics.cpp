// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/ci/gitlab/gitlab_topics.h"

namespace faultline::ci {

CiPipelines *GitLabBackend::pipelineVerbs()
{
    return &m_topics->pipelines;
}

CiArtifacts *GitLabBackend::artifacts()
{
    return &m_topics->artifacts;
}

CiSchedules *GitLabBackend::schedules()
{
    return &m_topics->schedules;
}

CiTriggers *GitLabBackend::triggers()
{
    return &m_topics->triggers;
}

CiRunners *GitLabBackend::runnerVerbs()
{
    return &m_topics->runners;
}

CiReleases *GitLabBackend::releases()
{
    return &m_topics->releases;
}

CiCommits *GitLabBackend::commits()
{
    return &m_topics->commits;
}

CiChecks *GitLabBackend::checks()
{
    return &m_topics->checks;
}

CiHooks *GitLabBackend::hooks()
{
    return &m_topics->hooks;
}

} // namespace faultline::ci
