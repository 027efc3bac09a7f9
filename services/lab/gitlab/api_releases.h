// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/lab/gitlab/api_call.h"

namespace faultline::lab {

/// Releases of tags; a tag that isn't there is made at `ref`.
void addReleaseRoutes(ApiRoutes &routes);

/// The document of the release that the segment `tag` names; throws a 404.
[[nodiscard]] OrderedJson releaseOf(const ApiCall &call);

} // namespace faultline::lab
