// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/lab/gitlab/api_call.h"

namespace faultline::lab {

/// Pipeline trigger tokens. The one that the lab was started with is there, too, with the id 0.
void addTriggerRoutes(ApiRoutes &routes);

} // namespace faultline::lab
