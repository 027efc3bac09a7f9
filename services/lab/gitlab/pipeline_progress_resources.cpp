// SPDX-License-Identifier: GPL-3.0-or-later
// Which job gets a resource group's one resource (GitLab's Ci::ResourceGroup).
#include "services/lab/gitlab/pipeline_progress.h"

#include <algorithm>
#include <set>

namespace faultline::lab {

namespace {

constexpr std::int64_t many = 1'000;

bool isReady(const JobRecord &job)
{
    return job.status == "waiting_for_resource";
}

} // namespace

std::vector<JobRecord> PipelineProgress::upcomingJobs(const std::string &resourceGroup)
{
    std::vector<JobRecord> jobs = m_store.comingJobs(resourceGroup);
    const std::string mode = processMode ? processMode(resourceGroup) : "unordered";
    const bool looksAhead = mode == "oldest_first" || mode == "newest_first";
    if (!looksAhead)
        std::erase_if(jobs, [](const JobRecord &job) { return !isReady(job); });
    const bool newestFirst = mode == "newest_first" || mode == "newest_ready_first";
    if (mode != "unordered")
        std::stable_sort(
            jobs.begin(), jobs.end(), [newestFirst](const JobRecord &a, const JobRecord &b) {
                if (a.pipeline != b.pipeline)
                    return newestFirst ? a.pipeline > b.pipeline : a.pipeline < b.pipeline;
                return isReady(a) && !isReady(b);
            });
    return jobs;
}

void PipelineProgress::assignResources()
{
    std::set<std::string> groups;
    for (const JobRecord &job : m_store.jobsWithStatus("waiting_for_resource", many))
        groups.insert(job.resourceGroup);
    for (const std::string &group : groups) {
        if (m_store.isGroupHeld(group))
            continue;
        std::vector<JobRecord> jobs = upcomingJobs(group);
        if (jobs.empty() || !isReady(jobs.front()))
            continue; // an older or newer one comes first, as soon as its pipeline lets it
        makePending(jobs.front());
        refreshStatus(jobs.front().pipeline);
    }
}

} // namespace faultline::lab
