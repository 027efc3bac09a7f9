// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/lab/gitlab/entities.h"
#include "services/lab/gitlab/gitlab_context.h"

namespace faultline::lab {

/// The answer of POST /jobs/request: all that a runner needs to run the job. Variables are expanded
/// here and marked raw. Shape: gitlab-runner's spec.Job.
[[nodiscard]] OrderedJson jobPayload(
    GitLabContext &context, const JobRecord &job, const LabRunner &runner);

} // namespace faultline::lab
