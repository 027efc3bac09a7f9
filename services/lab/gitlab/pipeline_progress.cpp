// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/lab/gitlab/pipeline_progress.h"

#include <algorithm>
#include <utility>

#include <nlohmann/json.hpp>

#include "services/lab/gitlab/composite_status.h"
#include "services/lab/gitlab/random_token.h"

namespace faultline::lab {

namespace {

bool isAlive(const JobRecord &job)
{
    return job.status == "running" || job.status == "canceling";
}

// The jobs that this one waits for.
std::vector<JobRecord> jobsBefore(
    const JobRecord &job, const JobSpec &spec, const std::vector<JobRecord> &jobs)
{
    std::vector<JobRecord> before;
    for (const JobRecord &other : jobs) {
        const bool needed = spec.needs
            ? std::find(spec.needs->begin(), spec.needs->end(), other.name) != spec.needs->end()
            : other.stageIndex < job.stageIndex;
        if (needed && other.id != job.id)
            before.push_back(other);
    }
    return before;
}

// GitLab's Ci::ProcessBuildService: which results of the jobs before let this one run.
bool mayRunAfter(const JobRecord &job, bool byNeeds, const std::string &before)
{
    const When when = whenFromName(job.when);
    if (when == When::always)
        return before == "success" || before == "failed" || before == "skipped";
    if (when == When::onFailure)
        return before == "failed";
    return before == "success" || (before == "skipped" && !byNeeds);
}

bool retryWanted(const JobSpec &spec, const JobRecord &job)
{
    const CiRetry &retry = spec.retry;
    if (job.retryCount >= retry.max)
        return false;
    if (retry.when.empty() && retry.exitCodes.empty())
        return true;
    const auto has = [](const auto &list, const auto &value) {
        return std::find(list.begin(), list.end(), value) != list.end();
    };
    return has(retry.when, std::string("always")) || has(retry.when, job.failureReason)
        || (job.exitCode && has(retry.exitCodes, *job.exitCode));
}

} // namespace

PipelineProgress::PipelineProgress(PipelineStore &store, Clock clock)
    : m_store(store)
    , m_clock(std::move(clock))
{
}

PipelineRecord PipelineProgress::create(PipelineRecord pipeline, const PlannedPipeline &plan)
{
    Transaction transaction = m_store.begin();
    pipeline.name = plan.name;
    pipeline.onNewCommit = plan.autoCancel.onNewCommit.value_or(pipeline.onNewCommit);
    pipeline.onJobFailure = plan.autoCancel.onJobFailure.value_or(pipeline.onJobFailure);
    pipeline.created = pipeline.updated = m_clock();
    m_store.insert(pipeline);
    for (const PlannedJob &planned : plan.jobs) {
        JobRecord job;
        job.pipeline = pipeline.id;
        job.name = planned.name;
        job.stage = planned.stage;
        job.stageIndex = planned.stageIndex;
        job.allowFailure = planned.allowFailure;
        job.when = whenName(planned.when);
        job.kind = planned.spec.trigger ? "bridge" : "";
        job.tags = nlohmann::json(planned.spec.tags).dump();
        job.resourceGroup = planned.resourceGroup;
        job.interruptible = planned.spec.interruptible;
        job.token = randomToken("glcbt-");
        job.created = pipeline.created;
        m_store.insert(job, planned.spec.toText());
    }
    PipelineStore::commit(transaction);
    advance(pipeline.id);
    return m_store.pipeline(pipeline.id).value_or(pipeline);
}

PipelineRecord PipelineProgress::createBroken(
    PipelineRecord pipeline, const std::string &yamlErrors)
{
    pipeline.created = pipeline.updated = pipeline.finished = m_clock();
    pipeline.status = "failed";
    pipeline.yamlErrors = yamlErrors;
    m_store.insert(pipeline);
    return pipeline;
}

PipelineRecord PipelineProgress::createSkipped(PipelineRecord pipeline)
{
    pipeline.created = pipeline.updated = pipeline.finished = m_clock();
    pipeline.status = "skipped";
    m_store.insert(pipeline);
    return pipeline;
}

void PipelineProgress::advance(std::int64_t pipeline)
{
    while (advanceOnce(pipeline)) { }
    refreshStatus(pipeline);
    assignResources();
    if (onJobsPending)
        onJobsPending();
}

bool PipelineProgress::advanceOnce(std::int64_t pipeline)
{
    bool moved = false;
    std::vector<JobRecord> jobs = m_store.currentJobs(pipeline);
    for (JobRecord &job : jobs)
        if (job.status == "created")
            moved = moveOn(job, jobs) || moved;
    return moved;
}

bool PipelineProgress::moveOn(JobRecord &job, const std::vector<JobRecord> &jobs)
{
    const JobSpec spec = JobSpec::fromText(m_store.spec(job.id));
    const std::vector<JobRecord> before = jobsBefore(job, spec, jobs);
    const std::string result
        = before.empty() ? "success" : compositeStatus(before, spec.needs.has_value()).status;
    if (!isComplete(result))
        return false;
    if (!mayRunAfter(job, spec.needs.has_value(), result)) {
        job.status = "skipped";
        job.finished = m_clock();
        m_store.save(job);
    } else if (whenFromName(job.when) == When::manual) {
        job.status = "manual";
        m_store.save(job);
    } else if (whenFromName(job.when) == When::delayed) {
        job.status = "scheduled";
        job.scheduled = m_clock() + spec.startInSeconds * 1000;
        m_store.save(job);
    } else {
        enqueue(job);
    }
    return true;
}

void PipelineProgress::enqueue(JobRecord &job)
{
    if (job.resourceGroup.empty())
        return makePending(job);
    job.status = "waiting_for_resource"; // until assignResources() finds that its turn has come
    job.queued = m_clock();
    m_store.save(job);
}

void PipelineProgress::makePending(JobRecord &job)
{
    job.status = "pending";
    job.queued = m_clock();
    m_store.save(job);
    if (job.kind == "bridge" && job.status == "pending" && onBridge)
        onBridge(job);
}

void PipelineProgress::startDelayed()
{
    for (JobRecord &job : m_store.jobsWithStatus("scheduled", 1000)) {
        if (job.scheduled > m_clock())
            continue;
        enqueue(job);
        advance(job.pipeline);
    }
}

void PipelineProgress::refreshStatus(std::int64_t id)
{
    auto pipeline = m_store.pipeline(id);
    if (!pipeline || !pipeline->yamlErrors.empty())
        return;
    const std::vector<JobRecord> jobs = m_store.currentJobs(id);
    const CompositeStatus now = compositeStatus(jobs);
    if (pipeline->status == now.status && pipeline->withWarnings == now.withWarnings)
        return;
    pipeline->status = now.status;
    pipeline->withWarnings = now.withWarnings;
    if (pipeline->started == 0
        && std::any_of(jobs.begin(), jobs.end(), [](const JobRecord &j) { return j.started != 0; }))
        pipeline->started = m_clock();
    pipeline->finished = isComplete(now.status) ? m_clock() : 0;
    m_store.save(*pipeline, m_clock());
    endBridgeOf(*pipeline);
}

void PipelineProgress::start(JobRecord job, std::int64_t runner)
{
    job.status = "running";
    job.runner = runner;
    job.started = job.heardOf = m_clock();
    m_store.save(job);
    refreshStatus(job.pipeline);
}

void PipelineProgress::finish(JobRecord job, bool success, const std::string &failureReason,
    std::optional<int> exitCode, std::int64_t traceSize)
{
    const bool canceled = job.status == "canceling" || failureReason == "job_canceled";
    job.status = canceled ? "canceled" : success ? "success" : "failed";
    job.failureReason = job.status != "failed" ? ""
        : failureReason.empty()                ? "unknown_failure"
                                               : failureReason;
    job.exitCode = exitCode;
    job.finished = m_clock();
    job.traceSize = traceSize;
    const JobSpec spec = JobSpec::fromText(m_store.spec(job.id));
    const auto &codes = spec.allowFailureExitCodes;
    if (job.status == "failed" && exitCode
        && std::find(codes.begin(), codes.end(), *exitCode) != codes.end())
        job.allowFailure = true;
    m_store.save(job);
    if (job.status == "failed" && retryWanted(spec, job)) {
        JobRecord again = copyForRetry(job, job.retryCount + 1);
        enqueue(again);
    } else if (job.status == "failed" && !job.allowFailure) {
        cancelAfterFailure(job.pipeline);
    }
    advance(job.pipeline);
}

bool PipelineProgress::cancel(JobRecord job, bool force)
{
    if (isComplete(job.status) || (job.status == "canceling" && !force))
        return false;
    const bool mayEndInOrder
        = job.kind.empty() && (!cancelsGracefully || cancelsGracefully(job.runner));
    if (job.status == "running" && mayEndInOrder) {
        job.status = "canceling";
        m_store.save(job);
        refreshStatus(job.pipeline);
        return true;
    }
    job.status = "canceled";
    job.finished = m_clock();
    m_store.save(job);
    cancelChild(job);
    advance(job.pipeline);
    return true;
}

JobRecord PipelineProgress::copyForRetry(JobRecord &job, int retryCount)
{
    job.retried = true;
    m_store.save(job);
    JobRecord copy;
    copy.pipeline = job.pipeline;
    copy.name = job.name;
    copy.stage = job.stage;
    copy.stageIndex = job.stageIndex;
    copy.allowFailure = job.allowFailure;
    copy.when = job.when;
    copy.tags = job.tags;
    copy.resourceGroup = job.resourceGroup;
    copy.interruptible = job.interruptible;
    copy.kind = job.kind;
    copy.token = randomToken("glcbt-");
    copy.created = m_clock();
    copy.retryCount = retryCount;
    m_store.insert(copy, m_store.spec(job.id));
    return copy;
}

// Jobs that were skipped because of what is tried again get their chance, too.
void PipelineProgress::reopenSkipped(std::int64_t pipeline, int afterStage)
{
    for (JobRecord &job : m_store.currentJobs(pipeline)) {
        if (job.status != "skipped" || job.stageIndex < afterStage)
            continue;
        job.status = "created";
        job.finished = 0;
        m_store.save(job);
    }
}

tl::expected<JobRecord, std::string> PipelineProgress::retry(JobRecord job)
{
    if (!isComplete(job.status) || job.status == "skipped" || job.retried || job.kind == "status")
        return tl::unexpected(std::string("Job is not retryable"));
    JobRecord copy = copyForRetry(job, 0);
    enqueue(copy);
    reopenSkipped(job.pipeline, job.stageIndex);
    advance(job.pipeline);
    return m_store.job(copy.id).value_or(copy);
}

tl::expected<JobRecord, std::string> PipelineProgress::play(
    JobRecord job, const Variables &variables)
{
    if (job.status != "manual" && job.status != "scheduled")
        return tl::unexpected(std::string("Unplayable Job"));
    if (!variables.empty()) {
        JobSpec spec = JobSpec::fromText(m_store.spec(job.id));
        spec.variables.insert(spec.variables.end(), variables.begin(), variables.end());
        m_store.saveSpec(job.id, spec.toText());
    }
    enqueue(job);
    reopenSkipped(job.pipeline, job.stageIndex + 1);
    advance(job.pipeline);
    return m_store.job(job.id).value_or(job);
}

void PipelineProgress::cancelPipeline(std::int64_t pipeline)
{
    for (JobRecord &job : m_store.currentJobs(pipeline)) {
        if (isComplete(job.status) || (isAlive(job) && job.kind.empty()))
            continue;
        job.status = "canceled";
        job.finished = m_clock();
        m_store.save(job);
        cancelChild(job);
    }
    for (const JobRecord &job : m_store.currentJobs(pipeline))
        if (job.status == "running")
            cancel(job, false);
    advance(pipeline);
}

void PipelineProgress::retryPipeline(std::int64_t pipeline)
{
    int firstStage = -1;
    for (JobRecord &job : m_store.currentJobs(pipeline)) {
        if ((job.status != "failed" && job.status != "canceled") || job.kind == "status")
            continue;
        (void)copyForRetry(job, 0);
        firstStage = firstStage < 0 ? job.stageIndex : std::min(firstStage, job.stageIndex);
    }
    if (firstStage < 0)
        return;
    reopenSkipped(pipeline, firstStage);
    advance(pipeline);
}

} // namespace faultline::lab
