// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/lab/gitlab/api_call.h"

namespace faultline::lab {

/// GET /projects/:id and, below it, repository/branches, files/:path/raw, commits/:sha.
void addRepositoryRoutes(ApiRoutes &routes);

} // namespace faultline::lab
