// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/lab/gitlab/api_call.h"

namespace faultline::lab {

/// GET and POST …/ci/lint: always 200, with what is wrong in `errors`.
void addLintRoutes(ApiRoutes &routes);

} // namespace faultline::lab
