// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/lab/gitlab/api_call.h"

namespace faultline::lab {

/// GET …/jobs/:job/artifacts (zip) and …/artifacts/*path (one file); POST …/artifacts/keep; DELETE
/// …/artifacts.
void addArtifactRoutes(ApiRoutes &routes);

/// Removes artifacts whose time has come, but for those of the newest successful pipeline of a ref,
/// which GitLab keeps.
void removeExpired(GitLabContext &context);

} // namespace faultline::lab
