// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/ci/gitlab/gitlab_client.h"
#include "services/domain/live_collection.h"

#include <optional>

namespace faultline::ci::gitlab {

/// CiFeed by polling (facts: gitlab.md §8): first the newest page of pipelines and of jobs, then
/// what changed, and older pages one after the other behind it, up to 5,000 jobs.
class GitLabFeed : public CiFeed
{
    Q_OBJECT

public:
    explicit GitLabFeed(std::shared_ptr<GitLabClient> client);
    ~GitLabFeed() override;

    void start() override;
    void retryNow() override;

private:
    void beginCycle();
    void readHead();
    void takeHead();
    void readChanges();
    void takeChanges(domain::Result<QList<domain::Pipeline>> answer);
    void readNextPipeline();
    void takePipelineJobs(domain::PipelineId id, domain::Result<QList<domain::Job>> jobs);
    void endCycle();

    void fillBackwards();
    template <typename Collection, typename T>
    void takeOlder(Collection &collection, QString &next, int most, domain::Result<Page<T>> page);
    void dropOldest();
    void dropPipeline(domain::PipelineId id);

    void fail(const domain::Error &error);
    void scheduleFlush();
    void flush();
    void setHealth(domain::FeedHealth health);
    [[nodiscard]] QDateTime now() const;
    [[nodiscard]] net::Call after(std::chrono::milliseconds delay, std::function<void()> action);
    [[nodiscard]] std::chrono::milliseconds delayAfterFailure(const domain::Error &error) const;

    std::shared_ptr<GitLabClient> m_client;
    domain::LiveCollection<domain::Pipeline, domain::PipelineId, &domain::Pipeline::id> m_pipelines;
    domain::LiveCollection<domain::Job, domain::JobId, &domain::Job::id> m_jobs;
    bool m_hasData = false;
    bool m_isRunning = false; // a cycle is under way
    bool m_again = false; // somebody asked for another cycle meanwhile
    int m_failures = 0;
    QDateTime m_lastRight;
    domain::FeedHealth m_health;
    std::chrono::milliseconds m_lastFlush{ -1000 }; // monotonic
    std::chrono::milliseconds m_lastHead{ 0 }; // monotonic

    std::optional<Page<domain::Pipeline>> m_headPipelines;
    std::optional<Page<domain::Job>> m_headJobs;
    QList<domain::PipelineId> m_queue; // their jobs are to be read
    int m_readInCycle = 0;
    QString m_olderJobs; // next page of the first load; empty when done
    QString m_olderPipelines;
    bool m_jobsAreNext = true;

    // Last members: what they hold is cancelled first.
    net::Call m_step;
    net::Call m_otherStep;
    net::Call m_filling;
    net::Call m_flushing;
    net::Call m_timer;
};

} // namespace faultline::ci::gitlab
