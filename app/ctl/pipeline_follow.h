// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/ctl/context.h"

namespace faultline::ctl {

struct PipelineOutcome
{
    domain::Pipeline pipeline;
    QList<domain::Job> jobs;
};

/// Waits until a pipeline is complete; one line of progress per change of a job.
[[nodiscard]] domain::Result<PipelineOutcome> followPipeline(
    Context &context, domain::Pipeline pipeline);

/// 0 for success, 4 for canceled, 1 for everything else.
[[nodiscard]] int exitCodeFor(const domain::Pipeline &pipeline);

} // namespace faultline::ctl
