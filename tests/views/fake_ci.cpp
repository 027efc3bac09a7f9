// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/views/fake_ci.h"

namespace faultline::tests {

using domain::CiStatus;
using domain::Job;
using domain::JobId;
using domain::Pipeline;
using domain::PipelineId;

void FakeFeed::start()
{
    const QMutexLocker lock(&m_script->mutex);
    Q_EMIT healthChanged(m_script->health);
    Q_EMIT changed(m_script->delta);
}

net::Call FakeCi::identity(domain::Done<ci::CiIdentity> done)
{
    return answer<ci::CiIdentity>(ci::CiIdentity{}, std::move(done));
}

net::Call FakeCi::pipelines(int, domain::Done<QList<Pipeline>> done)
{
    return answer<QList<Pipeline>>(QList<Pipeline>{}, std::move(done));
}

net::Call FakeCi::jobs(int, domain::Done<QList<Job>> done)
{
    return answer<QList<Job>>(QList<Job>{}, std::move(done));
}

net::Call FakeCi::pipelineJobs(PipelineId, domain::Done<QList<Job>> done)
{
    return answer<QList<Job>>(QList<Job>{}, std::move(done));
}

net::Call FakeCi::pipeline(PipelineId, domain::Done<Pipeline> done)
{
    return answer<Pipeline>(Pipeline{}, std::move(done));
}

net::Call FakeCi::job(JobId, domain::Done<Job> done)
{
    return answer<Job>(Job{}, std::move(done));
}

net::Call FakeCi::runners(domain::Done<QList<domain::Runner>> done)
{
    return answer<QList<domain::Runner>>(QList<domain::Runner>{}, std::move(done));
}

net::Call FakeCi::branches(domain::Done<QStringList> done)
{
    const QMutexLocker lock(&m_script->mutex);
    return answer<QStringList>(m_script->branches, std::move(done));
}

net::Call FakeCi::file(QString path, QString ref, domain::Done<QByteArray> done)
{
    const QMutexLocker lock(&m_script->mutex);
    m_script->filesRead.append(path + QLatin1Char('@') + ref);
    return answer<QByteArray>(m_script->suites, std::move(done));
}

net::Call FakeCi::createPipeline(domain::PipelineRequest request, domain::Done<Pipeline> done)
{
    const QMutexLocker lock(&m_script->mutex);
    m_script->created.append(request);
    if (m_script->refuseCreate)
        return answer<Pipeline>(domain::failure(*m_script->refuseCreate), std::move(done));
    Pipeline made;
    made.id = PipelineId(900);
    made.number = 90;
    return answer<Pipeline>(made, std::move(done));
}

net::Call FakeCi::triggerPipeline(
    domain::PipelineRequest request, QString, domain::Done<Pipeline> done)
{
    return createPipeline(std::move(request), std::move(done));
}

net::Call FakeCi::cancelPipeline(PipelineId id, domain::Done<Pipeline> done)
{
    const QMutexLocker lock(&m_script->mutex);
    m_script->cancelledPipelines.append(id);
    return answer<Pipeline>(Pipeline{}, std::move(done));
}

net::Call FakeCi::retryPipeline(PipelineId, domain::Done<Pipeline> done)
{
    return answer<Pipeline>(Pipeline{}, std::move(done));
}

net::Call FakeCi::cancelJob(JobId id, domain::Done<Job> done)
{
    const QMutexLocker lock(&m_script->mutex);
    m_script->cancelledJobs.append(id);
    return answer<Job>(Job{}, std::move(done));
}

net::Call FakeCi::retryJob(JobId id, domain::Done<Job> done)
{
    const QMutexLocker lock(&m_script->mutex);
    m_script->retriedJobs.append(id);
    return answer<Job>(Job{}, std::move(done));
}

net::Call FakeCi::playJob(JobId, QMap<QString, QString>, domain::Done<Job> done)
{
    return answer<Job>(Job{}, std::move(done));
}

std::unique_ptr<ci::JobTrace> FakeCi::openTrace(JobId)
{
    return std::make_unique<ci::JobTrace>();
}

std::unique_ptr<ci::CiFeed> FakeCi::openFeed()
{
    return std::make_unique<FakeFeed>(m_script);
}

namespace {

struct Row
{
    const char *name;
    const char *stage;
    CiStatus status;
    const char *reason;
    int startedAgo; // seconds; -1: not yet
    int tookSeconds; // -1: still running
};

Pipeline pipeline(qint64 id, const char *ref, CiStatus status, const QDateTime &at)
{
    Pipeline out;
    out.id = PipelineId(id);
    out.number = id - 100;
    out.ref = QString::fromLatin1(ref);
    out.sha = QStringLiteral("4f2c1ab09e77c0ffee0123456789abcdef012345");
    out.source = QStringLiteral("trigger");
    out.status = status;
    out.createdAt = at;
    out.webUrl = QStringLiteral("https://gitlab.invalid/p/%1").arg(id);
    return out;
}

void append(
    ci::CiDelta &delta, const Pipeline &parent, const QList<Row> &rows, const QDateTime &now)
{
    delta.pipelines.added.append(parent);
    for (const Row &row : rows) {
        Job job;
        job.id = JobId(parent.id.value() * 100 + delta.jobs.added.size());
        job.pipelineId = parent.id;
        job.name = QString::fromLatin1(row.name);
        job.stage = QString::fromLatin1(row.stage);
        job.ref = parent.ref;
        job.sha = parent.sha;
        job.commitTitle = QStringLiteral("raftstore: batch ready");
        job.userName = QStringLiteral("Ann");
        job.status = row.status;
        job.failureReason = QString::fromLatin1(row.reason);
        job.createdAt = now.addSecs(row.startedAgo < 0 ? -75 : -row.startedAgo - 20);
        if (row.startedAgo >= 0) {
            job.startedAt = now.addSecs(-row.startedAgo);
            job.runnerName = QStringLiteral("bj-host-07");
            job.runnerId = domain::RunnerId(7);
        }
        if (row.startedAgo >= 0 && row.tookSeconds >= 0)
            job.finishedAt = job.startedAt.addSecs(row.tookSeconds);
        job.webUrl = QStringLiteral("https://gitlab.invalid/j/%1").arg(job.id.value());
        delta.jobs.added.append(job);
    }
}

} // namespace

ci::CiDelta sampleRuns(const QDateTime &now)
{
    ci::CiDelta delta;
    delta.pipelines.isSnapshot = true;
    delta.jobs.isSnapshot = true;
    append(delta, pipeline(148, "master", CiStatus::Running, now.addSecs(-900)),
        {
            { "lint", "check", CiStatus::Success, "", 880, 9 },
            { "bank-partition-pd-leader", "test", CiStatus::Running, "", 840, -1 },
            { "kv-kill-minority", "test", CiStatus::Running, "", 301, -1 },
            { "clock-strobe-tikv", "test", CiStatus::Canceling, "", 620, -1 },
            { "node-shutdown", "test", CiStatus::Failed, "script_failure", 800, 256 },
            { "tiflash-sync", "test", CiStatus::Failed, "runner_system_failure", 780, 4 },
            { "<b>register</b>-<img src=x>", "test", CiStatus::Pending, "", -1, -1 },
            { "release", "release", CiStatus::Created, "", -1, -1 },
        },
        now);
    append(delta, pipeline(147, "v8.5.1-rc.2", CiStatus::Success, now.addSecs(-30000)),
        {
            { "lint", "check", CiStatus::Success, "", 29900, 11 },
            { "bank-partition-pd-leader", "test", CiStatus::Success, "", 29880, 1260 },
            { "kv-kill-minority", "test", CiStatus::Success, "", 29870, 960 },
            { "clock-strobe-tikv", "test", CiStatus::Success, "", 29860, 940 },
            { "node-shutdown", "test", CiStatus::Success, "", 29850, 420 },
            { "rolling-upgrade-from-a-release-with-a-very-long-name", "test", CiStatus::Success, "",
                29840, 9060 },
            { "release", "release", CiStatus::Success, "", 20000, 61 },
        },
        now);
    append(delta, pipeline(146, "feature/slow-disk", CiStatus::Canceled, now.addSecs(-90000)),
        {
            { "kv-crud", "test", CiStatus::Canceled, "", 89900, 33 },
            { "io-delay", "test", CiStatus::Skipped, "", -1, -1 },
        },
        now);
    return delta;
}

} // namespace faultline::tests
