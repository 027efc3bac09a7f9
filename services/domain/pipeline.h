// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/domain/id.h"
#include "services/domain/open_enum.h"

#include <QDateTime>
#include <QJsonValue>
#include <QList>
#include <QMap>
#include <QStringList>

#include <chrono>
#include <optional>
#include <span>

namespace faultline::domain {

/// Status of pipelines and jobs, GitLab's shared list (facts: gitlab.md §2.6).
enum class CiStatus {
    Unknown,
    Created,
    WaitingForResource,
    Preparing,
    WaitingForCallback,
    Pending,
    Running,
    Success,
    Failed,
    Canceling,
    Canceled,
    Skipped,
    Manual,
    Scheduled,
};
[[nodiscard]] std::span<const std::pair<CiStatus, const char *>> namesOf(CiStatus);

/// True for success, failed, canceled and skipped: nothing more happens without a retry.
[[nodiscard]] bool isComplete(CiStatus status);
/// True while a runner may still be working or is awaited (canceling included).
[[nodiscard]] bool isActive(CiStatus status);

struct Pipeline
{
    PipelineId id;
    qint64 number = 0; ///< `iid`, the number within its project
    QString name;
    QString ref;
    QString sha;
    QString source; ///< "push", "trigger", "schedule", "api", …
    OpenEnum<CiStatus> status;
    QDateTime createdAt; ///< UTC
    QDateTime updatedAt;
    QString webUrl;

    friend bool operator==(const Pipeline &, const Pipeline &) = default;
};

/// One job of a pipeline: in Faultline, one execution of a case.
struct Job
{
    JobId id;
    PipelineId pipelineId;
    QString name;
    QString stage;
    QString ref;
    QString sha;
    QString commitTitle;
    QString userName;
    OpenEnum<CiStatus> status;
    QString failureReason; ///< GitLab's name ("script_failure"); empty unless failed
    bool allowFailure = false;
    QDateTime createdAt; ///< UTC
    QDateTime startedAt; ///< invalid before a runner took it
    QDateTime finishedAt; ///< invalid while alive
    RunnerId runnerId; ///< empty before a runner took it
    QString runnerName;
    QStringList tags;
    QString webUrl;
    qint64 traceSize = -1; ///< bytes of the archived log, -1 before it is archived
    bool hasArtifacts = false;

    friend bool operator==(const Job &, const Job &) = default;
};

struct Runner
{
    RunnerId id;
    QString description;
    bool paused = false;
    bool online = false; ///< GitLab's own view; two hours coarse
    QDateTime contactedAt; ///< UTC, may be invalid
    QStringList tags;
    QString status; ///< "online", "offline", "stale", "never_contacted"
    QString type; ///< "instance_type", "group_type", "project_type"
    bool isBusy = false; ///< runs a job
    QString version; ///< of a single runner only, as are the following
    int maximumTimeout = 0; ///< seconds; 0: none
    bool runsUntagged = false;
    bool isLocked = false;

    friend bool operator==(const Runner &, const Runner &) = default;
};

/// A request to start a pipeline (facts: gitlab.md §2.3, §2.4).
struct PipelineRequest
{
    QString ref;
    QMap<QString, QString> variables; ///< visible to every job; never put a secret here
    QMap<QString, QJsonValue> inputs; ///< for the file's `spec:inputs`: texts, numbers, truths, lists

    friend bool operator==(const PipelineRequest &, const PipelineRequest &) = default;
};

} // namespace faultline::domain
