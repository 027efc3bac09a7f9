// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/lab/gitlab/api_call.h"

namespace faultline::lab {

/// GET …/resource_groups/:key and its upcoming jobs. The process mode is "unordered", always.
void addResourceGroupRoutes(ApiRoutes &routes);

} // namespace faultline::lab
