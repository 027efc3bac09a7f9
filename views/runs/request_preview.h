// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/domain/pipeline.h"

#include <QUrl>

namespace faultline::views {

/// The request that starts a pipeline, as it goes over the wire but for the token: "POST
/// https://…/pipeline" and the JSON body (facts: GitLab "Create a new pipeline": variables as a
/// list of key and value).
[[nodiscard]] QString requestPreview(
    const QUrl &server, const QString &project, const domain::PipelineRequest &request);

} // namespace faultline::views
