// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/lab/gitlab/gitlab_context.h"

namespace faultline::lab {

/// The body of GitLab's "Job Hook" and "Pipeline Hook". Times as "2021-02-23 02:41:37 UTC".
[[nodiscard]] std::string jobEvent(GitLabContext &context, const JobRecord &job);
[[nodiscard]] std::string pipelineEvent(GitLabContext &context, const PipelineRecord &pipeline);

} // namespace faultline::lab
