// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/domain/pipeline.h"

#include <QDate>

namespace faultline::domain {

using TriggerId = Id<struct TriggerTag, qint64>;
using ReleaseTag = Id<struct ReleaseTagTag>; ///< the name of a tag
using ReleaseLinkId = Id<struct ReleaseLinkTag, qint64>;
using HookId = Id<struct HookTag, qint64>;
using HookEventId = Id<struct HookEventTag, qint64>;

/// A variable of a pipeline or a schedule.
struct CiVariable
{
    QString key;
    QString value;
    bool isFile = false; ///< the job gets the path of a file with the value

    friend bool operator==(const CiVariable &, const CiVariable &) = default;
};

/// A job that starts another pipeline.
struct Bridge
{
    JobId id;
    QString name;
    QString stage;
    OpenEnum<CiStatus> status;
    PipelineId downstream; ///< empty before it was created
    OpenEnum<CiStatus> downstreamStatus;
    QString downstreamUrl;

    friend bool operator==(const Bridge &, const Bridge &) = default;
};

struct TestCase
{
    QString status; ///< "success", "failed", "skipped", "error"
    QString name;
    QString className;
    QString file;
    double seconds = 0;
    QString output;
    QString stackTrace;

    friend bool operator==(const TestCase &, const TestCase &) = default;
};

struct TestCounts
{
    double seconds = 0;
    qint64 total = 0;
    qint64 success = 0;
    qint64 failed = 0;
    qint64 skipped = 0;
    qint64 error = 0;

    friend bool operator==(const TestCounts &, const TestCounts &) = default;
};

struct TestSuite
{
    QString name; ///< the job's, in GitLab
    TestCounts counts;
    QString error; ///< why its report could not be read
    QList<TestCase> cases; ///< none in a summary
    QList<JobId> jobs; ///< in a summary only

    friend bool operator==(const TestSuite &, const TestSuite &) = default;
};

/// What the JUnit reports of a pipeline's jobs say.
struct TestReport
{
    TestCounts counts;
    QList<TestSuite> suites;

    friend bool operator==(const TestReport &, const TestReport &) = default;
};

struct Schedule
{
    ScheduleId id;
    QString description;
    QString ref; ///< without "refs/heads/"
    QString cron;
    QString cronTimezone;
    bool active = false;
    QDateTime nextRunAt; ///< UTC
    QDateTime createdAt;
    QDateTime updatedAt;
    QString owner;
    QList<CiVariable> variables; ///< not in lists
    QMap<QString, QJsonValue> inputs; ///< for `spec:inputs`
    PipelineId lastPipeline; ///< not in lists; empty when none ran yet
    OpenEnum<CiStatus> lastStatus;

    friend bool operator==(const Schedule &, const Schedule &) = default;
};

struct CiTrigger
{
    TriggerId id;
    QString description;
    QString token; ///< whole for its creator only: a secret
    QDateTime createdAt; ///< UTC
    QDateTime lastUsedAt;
    QDateTime expiresAt;
    QString owner;

    friend bool operator==(const CiTrigger &, const CiTrigger &) = default;
};

struct ReleaseLink
{
    QString name;
    QString url;
    QString type; ///< "other", "runbook", "image", "package"
    ReleaseLinkId id; ///< given by the server

    friend bool operator==(const ReleaseLink &, const ReleaseLink &) = default;
};

struct Release
{
    ReleaseTag id; ///< its tag
    QString name;
    QString description;
    QString sha;
    QString author;
    QDateTime createdAt; ///< UTC
    QDateTime releasedAt;
    QList<ReleaseLink> links;

    friend bool operator==(const Release &, const Release &) = default;
};

/// An address that is told of the project's jobs and pipelines.
struct Hook
{
    HookId id;
    QString url;
    bool tellsJobs = false;
    bool tellsPipelines = false;
    bool verifiesTls = true;
    QString state; ///< "executable", "temporarily_disabled", "disabled" after too many failures
    QDateTime disabledUntil; ///< UTC
    QDateTime createdAt;

    friend bool operator==(const Hook &, const Hook &) = default;
};

/// One delivery of a hook.
struct HookEvent
{
    HookEventId id;
    QString url;
    QString trigger; ///< "job_hooks", "pipeline_hooks"
    QString status; ///< of the receiver's answer, e.g. "200"; "internal error" without one
    QString response; ///< what the receiver said, or why it could not be reached
    double seconds = 0;

    friend bool operator==(const HookEvent &, const HookEvent &) = default;
};

/// What a commit's page shows beside it, from a job or from outside.
struct CommitStatus
{
    JobId id;
    QString sha;
    QString ref;
    QString name;
    OpenEnum<CiStatus> status;
    QString targetUrl;
    QString description;
    PipelineId pipelineId;
    QDateTime createdAt; ///< UTC

    friend bool operator==(const CommitStatus &, const CommitStatus &) = default;
};

/// What the server thinks of a .gitlab-ci.yml.
struct CiLint
{
    struct Job
    {
        QString name;
        QString stage;
        QString when;

        friend bool operator==(const Job &, const Job &) = default;
    };

    bool isValid = false;
    QStringList errors; ///< the server's own words
    QStringList warnings;
    QString mergedYaml;
    QStringList includes; ///< locations
    QList<Job> jobs; ///< when asked for

    friend bool operator==(const CiLint &, const CiLint &) = default;
};

/// The token itself: what it may do, and until when.
struct TokenFacts
{
    QString name;
    QStringList scopes;
    bool isActive = false;
    QDate expiresAt; ///< it ends at 00:00 UTC of this day; invalid: never

    friend bool operator==(const TokenFacts &, const TokenFacts &) = default;
};

} // namespace faultline::domain
