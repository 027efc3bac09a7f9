// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/lab/gitlab/api_resource_groups.h"

#include <memory>

#include "services/lab/gitlab/api_time.h"
#include "services/lab/gitlab/job_bodies.h"

namespace faultline::lab {

namespace {

constexpr std::int64_t mostWaiting = 100;

OrderedJson groupJson(const std::string &key)
{
    constexpr Milliseconds start = 1'704'067'200'000; // of the lab's project
    return { { "id", 1 }, { "key", key }, { "process_mode", "unordered" },
        { "created_at", timeText(start) }, { "updated_at", timeText(start) } };
}

} // namespace

void addResourceGroupRoutes(ApiRoutes &routes)
{
    routes.addToProject("GET", "/resource_groups/:key",
        [](const ApiCall &call) { call.reply(200, groupJson(call.segment("key"))); });
    routes.addToProject("GET", "/resource_groups/:key/upcoming_jobs", [](const ApiCall &call) {
        std::vector<JobRecord> jobs;
        for (JobRecord &job :
            call.context().store.jobsWithStatus("waiting_for_resource", mostWaiting))
            if (job.resourceGroup == call.segment("key"))
                jobs.push_back(std::move(job));
        Response response;
        response.body = JobBodies(call.context()).list(jobs, call.entities());
        call.reply(std::move(response));
    });
}

} // namespace faultline::lab
