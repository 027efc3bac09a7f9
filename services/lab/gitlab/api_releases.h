// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/lab/gitlab/api_call.h"

namespace faultline::lab {

/// Releases of tags; a tag that isn't there is made at `ref`. Links only as they are created with
/// the release.
void addReleaseRoutes(ApiRoutes &routes);

} // namespace faultline::lab
