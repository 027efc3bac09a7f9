// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/lab/gitlab/composite_status.h"

#include <initializer_list>
#include <set>
#include <string_view>

namespace faultline::lab {

namespace {

std::string_view countedAs(const JobRecord &job)
{
    if (job.allowFailure && job.status == "manual")
        return "ignored";
    if (job.allowFailure && (job.status == "failed" || job.status == "canceled"))
        return "warnings";
    return job.status;
}

} // namespace

CompositeStatus compositeStatus(const std::vector<JobRecord> &jobs, bool ofNeeds)
{
    std::set<std::string_view> present;
    for (const JobRecord &job : jobs)
        present.insert(countedAs(job));
    const auto only = [&](std::initializer_list<std::string_view> list) {
        const std::set<std::string_view> allowed(list);
        for (const std::string_view status : present)
            if (!allowed.contains(status))
                return false;
        return true;
    };
    const auto any = [&](std::string_view status) { return present.contains(status); };
    const bool warnings = any("warnings");
    const auto decide = [&]() -> std::string {
        if (present.empty()
            || (ofNeeds && any("skipped")
                && only({ "success", "skipped", "warnings", "ignored", "failed", "canceled" })))
            return "skipped";
        if (only({ "skipped", "warnings" }) && any("skipped"))
            return warnings ? "success" : "skipped";
        if (only({ "skipped", "ignored" }))
            return any("ignored") && !any("skipped") ? "success" : "skipped";
        if (only({ "success", "skipped", "warnings", "ignored" }))
            return "success";
        if (only({ "created", "warnings", "ignored" }))
            return "created";
        if (any("canceling"))
            return "canceling";
        if (only({ "canceled", "success", "skipped", "warnings", "ignored" }))
            return "canceled";
        if (only({ "pending", "created", "skipped", "warnings", "ignored" }))
            return "pending";
        if (any("running") || any("pending"))
            return "running";
        if (any("waiting_for_resource"))
            return "waiting_for_resource";
        if (any("manual"))
            return "manual";
        if (any("scheduled"))
            return "scheduled";
        if (any("created"))
            return "running";
        return "failed";
    };
    return { decide(), warnings };
}

} // namespace faultline::lab
