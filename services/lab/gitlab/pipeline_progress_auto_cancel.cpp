// SPDX-License-Identifier: GPL-3.0-or-later
// workflow:auto_cancel: pipelines that a newer commit or a failed job makes needless.
#include "services/lab/gitlab/pipeline_progress.h"

#include <algorithm>

namespace faultline::lab {

void PipelineProgress::cancelAfterFailure(std::int64_t pipeline)
{
    const auto record = m_store.pipeline(pipeline);
    if (record && record->onJobFailure == "all")
        cancelPipeline(pipeline);
}

void PipelineProgress::cancelRedundant(const PipelineRecord &newest)
{
    for (const std::int64_t id : m_store.activePipelines()) {
        const auto pipeline = m_store.pipeline(id);
        if (!pipeline || pipeline->id >= newest.id || pipeline->ref != newest.ref
            || pipeline->source != "push" || pipeline->sha == newest.sha
            || pipeline->onNewCommit == "none")
            continue;
        if (pipeline->onNewCommit == "interruptible") {
            cancelInterruptible(id);
            continue;
        }
        const std::vector<JobRecord> jobs = m_store.currentJobs(id);
        if (std::none_of(jobs.begin(), jobs.end(),
                [](const JobRecord &j) { return j.started != 0 && !j.interruptible; }))
            cancelPipeline(id);
    }
}

void PipelineProgress::cancelInterruptible(std::int64_t pipeline)
{
    for (const JobRecord &each : m_store.currentJobs(pipeline)) {
        const auto job = m_store.job(each.id); // as the cancelling of the ones before left it
        if (job && job->interruptible && !isComplete(job->status))
            cancel(*job, false);
    }
}

} // namespace faultline::lab
