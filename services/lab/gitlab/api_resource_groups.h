// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/lab/gitlab/api_call.h"

namespace faultline::lab {

/// …/resource_groups: list, get, process mode, upcoming jobs.
void addResourceGroupRoutes(ApiRoutes &routes);

/// "unordered" unless it was changed: unordered, oldest_first, newest_first, newest_ready_first.
[[nodiscard]] std::string processModeOf(DocumentStore &documents, const std::string &key);

} // namespace faultline::lab
