// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>

#include "services/lab/gitlab/entities.h"

namespace faultline::lab {

/// A schedule as lists show it, from its document.
[[nodiscard]] OrderedJson scheduleJson(const OrderedJson &document, const Entities &entities);
/// With the last pipeline and the variables.
[[nodiscard]] OrderedJson scheduleDetailsJson(const OrderedJson &document, const Entities &entities,
    const std::optional<PipelineRecord> &lastPipeline);

} // namespace faultline::lab
