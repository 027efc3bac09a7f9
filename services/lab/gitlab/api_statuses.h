// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/lab/gitlab/api_call.h"

namespace faultline::lab {

/// Commit statuses: what other programs tell of a commit, and the jobs of its pipelines beside it.
void addStatusRoutes(ApiRoutes &routes);

} // namespace faultline::lab
