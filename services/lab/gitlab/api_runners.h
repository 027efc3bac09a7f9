// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/lab/gitlab/api_call.h"
#include "services/lab/gitlab/job_queue.h"

namespace faultline::lab {

/// Runners as users see them (lists, one, change, managers, delete) and as they register
/// themselves (POST /runners, /runners/verify, DELETE /runners).
void addRunnerRoutes(ApiRoutes &routes, JobQueue &queue);

} // namespace faultline::lab
