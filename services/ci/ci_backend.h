// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/domain/feed.h"
#include "services/domain/pipeline.h"
#include "services/net/call.h"

#include <QObject>

#include <memory>

namespace faultline::ci {

using PipelineBatch = domain::Batch<domain::Pipeline, domain::PipelineId>;
using JobBatch = domain::Batch<domain::Job, domain::JobId>;

/// One moment's changes of pipelines and their jobs; both are snapshots together or none is.
struct CiDelta
{
    PipelineBatch pipelines;
    JobBatch jobs;
};

/// The live collection of a project's recent pipelines and jobs. Lives on the service thread.
/// Duties of an implementer: at most 20 requests a minute while nothing runs (facts: gitlab.md §8);
/// rows already obtained are kept when a request fails; after Refused nothing is sent until
/// retryNow().
class CiFeed : public QObject
{
    Q_OBJECT

public:
    using QObject::QObject;

    virtual void start() = 0;
    /// Polls at once, also after Refused, and after an action of this console whose effect should
    /// be seen now.
    virtual void retryNow() = 0;

Q_SIGNALS:
    void changed(const faultline::ci::CiDelta &delta);
    void healthChanged(const faultline::domain::FeedHealth &health);
};

/// The log of one job while it grows. Lives on the service thread; destroying it stops the
/// requests.
class JobTrace : public QObject
{
    Q_OBJECT

public:
    using QObject::QObject;

Q_SIGNALS:
    /// Bytes that follow what was received before, exactly as the server stores them (timestamps,
    /// sections and ANSI included; see services/logs/job_log_parser.h).
    void appended(const QByteArray &bytes);
    /// What was received is no longer true (erased, replaced): drop it; `appended` follows from the
    /// start.
    void restarted();
    /// The job is complete and its whole log was delivered.
    void ended();
    /// A request failed; the trace keeps trying unless the error's `mayRetry` is false.
    void failed(const faultline::domain::Error &error);
};

/// Who the token belongs to and what the server is: for the connection test and `faultlinectl
/// version`.
struct CiIdentity
{
    QString userName;
    QString serverVersion;
};

class CiArtifacts;
class CiChecks;
class CiCommits;
class CiHooks;
class CiPipelines;
class CiReleases;
class CiRunners;
class CiSchedules;
class CiTriggers;

/// Runs pipelines: GitLab today. All functions are called on the service thread; the duties are
/// StackBackend's.
class CiBackend : public QObject
{
    Q_OBJECT

public:
    using QObject::QObject;

    [[nodiscard]] virtual net::Call identity(domain::Done<CiIdentity> done) = 0;

    /// Newest first, at most `limit` (all pages are fetched as needed).
    [[nodiscard]] virtual net::Call pipelines(int limit, domain::Done<QList<domain::Pipeline>> done)
        = 0;
    [[nodiscard]] virtual net::Call jobs(int limit, domain::Done<QList<domain::Job>> done) = 0;
    [[nodiscard]] virtual net::Call pipelineJobs(
        domain::PipelineId id, domain::Done<QList<domain::Job>> done)
        = 0;
    [[nodiscard]] virtual net::Call pipeline(
        domain::PipelineId id, domain::Done<domain::Pipeline> done)
        = 0;
    [[nodiscard]] virtual net::Call job(domain::JobId id, domain::Done<domain::Job> done) = 0;
    [[nodiscard]] virtual net::Call runners(domain::Done<QList<domain::Runner>> done) = 0;
    /// Branch names, for the start form.
    [[nodiscard]] virtual net::Call branches(domain::Done<QStringList> done) = 0;
    /// A file of the test repository at `ref` (suites.yaml, .gitlab-ci.yml), at most 1 MiB.
    [[nodiscard]] virtual net::Call file(QString path, QString ref, domain::Done<QByteArray> done)
        = 0;

    /// POST …/pipeline with the person's own token (source "api").
    [[nodiscard]] virtual net::Call createPipeline(
        domain::PipelineRequest request, domain::Done<domain::Pipeline> done)
        = 0;
    /// POST …/trigger/pipeline with a trigger token, which goes into the body (source "trigger").
    [[nodiscard]] virtual net::Call triggerPipeline(
        domain::PipelineRequest request, QString triggerToken, domain::Done<domain::Pipeline> done)
        = 0;
    [[nodiscard]] virtual net::Call cancelPipeline(
        domain::PipelineId id, domain::Done<domain::Pipeline> done)
        = 0;
    [[nodiscard]] virtual net::Call retryPipeline(
        domain::PipelineId id, domain::Done<domain::Pipeline> done)
        = 0;
    [[nodiscard]] virtual net::Call cancelJob(domain::JobId id, domain::Done<domain::Job> done) = 0;
    /// Ends a job that is "canceling" without waiting for its runner; one in another state is
    /// answered as it is. ErrorKind::Invalid from a server that has no such thing.
    [[nodiscard]] virtual net::Call forceCancelJob(
        domain::JobId id, domain::Done<domain::Job> done);
    /// Answers the new job, which has an id of its own.
    [[nodiscard]] virtual net::Call retryJob(domain::JobId id, domain::Done<domain::Job> done) = 0;
    [[nodiscard]] virtual net::Call playJob(
        domain::JobId id, QMap<QString, QString> variables, domain::Done<domain::Job> done)
        = 0;

    /// A job's log as it is now, as the server stores it; ErrorKind::Invalid from a backend that
    /// can only follow.
    [[nodiscard]] virtual net::Call trace(domain::JobId id, domain::Done<QByteArray> done);
    /// Follows a job's log from its start until the job is complete.
    [[nodiscard]] virtual std::unique_ptr<JobTrace> openTrace(domain::JobId id) = 0;
    [[nodiscard]] virtual std::unique_ptr<CiFeed> openFeed() = 0;

    // Further verbs by topic; null where a backend has no such thing. They live as long as the
    // backend and are used on its thread.

    [[nodiscard]] virtual CiPipelines *pipelineVerbs() { return nullptr; }
    [[nodiscard]] virtual CiArtifacts *artifacts() { return nullptr; }
    [[nodiscard]] virtual CiSchedules *schedules() { return nullptr; }
    [[nodiscard]] virtual CiTriggers *triggers() { return nullptr; }
    [[nodiscard]] virtual CiRunners *runnerVerbs() { return nullptr; }
    [[nodiscard]] virtual CiReleases *releases() { return nullptr; }
    [[nodiscard]] virtual CiCommits *commits() { return nullptr; }
    [[nodiscard]] virtual CiChecks *checks() { return nullptr; }
    [[nodiscard]] virtual CiHooks *hooks() { return nullptr; }
};

} // namespace faultline::ci
