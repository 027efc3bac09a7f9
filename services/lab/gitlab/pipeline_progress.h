// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <optional>
#include <string>

#include <tl/expected.hpp>

#include "services/lab/gitlab/pipeline_builder.h"
#include "services/lab/gitlab/pipeline_store.h"

namespace faultline::lab {

/// Moves jobs and pipelines from state to state. Lab thread; may throw StoreFailure.
class PipelineProgress
{
public:
    using Clock = std::function<Milliseconds()>;

    PipelineProgress(PipelineStore &store, Clock clock);

    /// Jobs may wait for a runner now.
    std::function<void()> onJobsPending;
    /// The turn of a bridge has come: start its pipeline, then say so with started() or finish().
    std::function<void(const JobRecord &bridge)> onBridge;
    /// Whether the machine of this runner lets a canceled job end in order.
    std::function<bool(std::int64_t runner)> cancelsGracefully;
    /// "unordered", "oldest_first", "newest_first" or "newest_ready_first"; unordered without it.
    std::function<std::string(const std::string &resourceGroup)> processMode;

    /// Stores a new pipeline with its jobs and starts it.
    [[nodiscard]] PipelineRecord create(PipelineRecord pipeline, const PlannedPipeline &plan);
    /// Stores one that can't run: failed at once, with the reason.
    [[nodiscard]] PipelineRecord createBroken(
        PipelineRecord pipeline, const std::string &yamlErrors);
    /// Stores one without jobs, for a commit that asks for none.
    [[nodiscard]] PipelineRecord createSkipped(PipelineRecord pipeline);
    /// Lets jobs whose turn has come wait for a runner, and works out the pipeline's status.
    void advance(std::int64_t pipeline);

    /// A runner took the job.
    void start(JobRecord job, std::int64_t runner);
    /// A bridge's pipeline is there. `waits`: the bridge ends with it.
    void bridgeStarted(JobRecord bridge, std::int64_t downstream, bool waits);
    /// Delayed jobs whose time has come wait for a runner.
    void startDelayed();
    /// What others tell of a commit (POST …/statuses): a job of kind "status".
    [[nodiscard]] JobRecord saveStatus(JobRecord status, const std::string &state);
    /// The runner says how it ended; in "canceling" it is canceled whatever the runner says.
    void finish(JobRecord job, bool success, const std::string &failureReason,
        std::optional<int> exitCode, std::int64_t traceSize);
    /// From "canceling" only with `force`. True when the job was alive.
    bool cancel(JobRecord job, bool force);
    /// The new job.
    [[nodiscard]] tl::expected<JobRecord, std::string> retry(JobRecord job);
    [[nodiscard]] tl::expected<JobRecord, std::string> play(
        JobRecord job, const Variables &variables);
    void cancelPipeline(std::int64_t pipeline);
    void retryPipeline(std::int64_t pipeline);
    /// Cancels older pipelines of the branch that a push made needless, as their own
    /// workflow:auto_cancel:on_new_commit says: whole ones where no job that must not be
    /// interrupted has started, or only jobs that may be, or nothing.
    void cancelRedundant(const PipelineRecord &newest);

    /// Gives each resource that is free to the job whose turn it is, by the group's process mode.
    void assignResources();
    /// The jobs that get the group's resource next, in this order. Of modes that look ahead also
    /// those whose turn in their pipeline has not come yet: they are waited for.
    [[nodiscard]] std::vector<JobRecord> upcomingJobs(const std::string &resourceGroup);

    [[nodiscard]] Milliseconds now() const { return m_clock(); }

private:
    bool advanceOnce(std::int64_t pipeline);
    bool moveOn(JobRecord &job, const std::vector<JobRecord> &jobs);
    void enqueue(JobRecord &job);
    void makePending(JobRecord &job);
    void refreshStatus(std::int64_t pipeline);
    [[nodiscard]] JobRecord copyForRetry(JobRecord &job, int retryCount);
    void reopenSkipped(std::int64_t pipeline, int afterStage);
    void endBridgeOf(const PipelineRecord &pipeline);
    void cancelChild(const JobRecord &bridge);
    void cancelAfterFailure(std::int64_t pipeline);
    void cancelInterruptible(std::int64_t pipeline);

    PipelineStore &m_store;
    Clock m_clock;
};

} // namespace faultline::lab
