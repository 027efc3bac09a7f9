// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

#include "services/lab/gitlab/store_records.h"

namespace faultline::lab {

struct CompositeStatus
{
    std::string status; ///< "skipped" for no job at all
    bool withWarnings = false; ///< a job that may fail did
};

/// The status of several jobs together, by the order of rules of GitLab's
/// Gitlab::Ci::Status::Composite. With `ofNeeds`, one skipped job makes the whole skipped.
[[nodiscard]] CompositeStatus compositeStatus(
    const std::vector<JobRecord> &jobs, bool ofNeeds = false);

} // namespace faultline::lab
