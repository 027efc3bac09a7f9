// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/lab/gitlab/api_call.h"

namespace faultline::lab {

/// GET /user, /version, /metadata, /personal_access_tokens/self.
void addUserRoutes(ApiRoutes &routes);

} // namespace faultline::lab
