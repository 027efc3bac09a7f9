// SPDX-License-Identifier: GPL-3.0-or-later
// What PipelineProgress does with jobs that no runner runs: bridges and statuses.
#include "services/lab/gitlab/pipeline_progress.h"
#include "services/lab/gitlab/random_token.h"

namespace faultline::lab {

void PipelineProgress::bridgeStarted(JobRecord bridge, std::int64_t downstream, bool waits)
{
    bridge.downstream = downstream;
    bridge.started = m_clock();
    bridge.status = waits ? "running" : "success";
    bridge.finished = waits ? 0 : m_clock();
    m_store.save(bridge);
    advance(bridge.pipeline);
    if (const auto child = m_store.pipeline(downstream); waits && child)
        endBridgeOf(*child); // it may be over already
}

// A bridge that waits shares the fate of its child.
void PipelineProgress::endBridgeOf(const PipelineRecord &pipeline)
{
    if (pipeline.bridge == 0 || !isComplete(pipeline.status))
        return;
    auto bridge = m_store.job(pipeline.bridge);
    if (!bridge || bridge->downstream != pipeline.id || isComplete(bridge->status))
        return;
    if (pipeline.status == "canceled")
        bridge->status = "canceling";
    finish(*bridge, pipeline.status == "success" || pipeline.status == "skipped",
        "downstream_pipeline_failed", std::nullopt, 0);
}

void PipelineProgress::cancelChild(const JobRecord &bridge)
{
    if (bridge.downstream != 0)
        cancelPipeline(bridge.downstream);
}

JobRecord PipelineProgress::saveStatus(JobRecord status, const std::string &state)
{
    const bool isNew = status.id == 0;
    const Milliseconds now = m_clock();
    status.status = state;
    if (isNew)
        status.created = now;
    if (state == "pending")
        status.queued = now;
    if (state == "running" || (isComplete(state) && status.started == 0))
        status.started = now;
    status.finished = isComplete(state) ? now : 0;
    status.failureReason = state == "failed" ? "unknown_failure" : "";
    if (isNew) {
        status.token = randomToken("glcbt-");
        m_store.insert(status, JobSpec().toText());
    } else {
        m_store.save(status);
    }
    advance(status.pipeline);
    return status;
}

} // namespace faultline::lab
