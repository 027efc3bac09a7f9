// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/domain/pipeline.h"

#include <array>

namespace faultline::domain {

std::span<const std::pair<CiStatus, const char *>> namesOf(CiStatus)
{
    static constexpr std::array<std::pair<CiStatus, const char *>, 13> names { {
        { CiStatus::Created, "created" },
        { CiStatus::WaitingForResource, "waiting_for_resource" },
        { CiStatus::Preparing, "preparing" },
        { CiStatus::WaitingForCallback, "waiting_for_callback" },
        { CiStatus::Pending, "pending" },
        { CiStatus::Running, "running" },
        { CiStatus::Success, "success" },
        { CiStatus::Failed, "failed" },
        { CiStatus::Canceling, "canceling" },
        { CiStatus::Canceled, "canceled" },
        { CiStatus::Skipped, "skipped" },
        { CiStatus::Manual, "manual" },
        { CiStatus::Scheduled, "scheduled" },
    } };
    return names;
}

bool isComplete(CiStatus status)
{
    return status == CiStatus::Success || status == CiStatus::Failed || status == CiStatus::Canceled
        || status == CiStatus::Skipped;
}

bool isActive(CiStatus status)
{
    switch (status) {
    case CiStatus::WaitingForResource:
    case CiStatus::Preparing:
    case CiStatus::WaitingForCallback:
    case CiStatus::Pending:
    case CiStatus::Running:
    case CiStatus::Canceling:
        return true;
    default:
        return false;
    }
}

} // namespace faultline::domain
