// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/lab/gitlab/api_call.h"

namespace faultline::lab {

/// GET …/jobs/:job/trace: the whole log, or with `Range: bytes=N-` what is new. GitLab itself
/// ignores Range here; a client may use it because Accept-Ranges says so.
void addTraceRoutes(ApiRoutes &routes);

} // namespace faultline::lab
