// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/runs_model.h"

#include <QSet>

namespace faultline::models {

/// A pipeline of RunsModel with its jobs and what is derived from them. Its address is stable while
/// it is shown.
struct RunsModel::PipelineNode
{
    domain::Pipeline value;
    bool isKnown = false; ///< false: only jobs of it were seen so far
    JobRows jobs;
    QList<StageDot> stages;
    QSet<domain::JobId> superseded;
    VerdictCounts counts{};

    /// Derives stages, superseded and counts again; answers whether any of them changed.
    bool derive();
};

} // namespace faultline::models
