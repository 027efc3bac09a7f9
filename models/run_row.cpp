// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/run_row.h"

#include <QCoreApplication>

#include <algorithm>
#include <iterator>
#include <numeric>

namespace faultline::models {

using domain::CiStatus;

namespace {

constexpr const char *infrastructureReasons[]
    = { "runner_system_failure", "stuck_or_timeout_failure", "runner_provisioning_timeout",
          "runner_interrupted", "api_failure", "scheduler_failure", "data_integrity_failure",
          "image_pull_failure", "runner_external_dependency_failure" };

struct Words
{
    const char *name;
    const char *words;
};

constexpr Words failures[] = {
    { "script_failure", QT_TRANSLATE_NOOP("runs", "the script failed") },
    { "api_failure", QT_TRANSLATE_NOOP("runs", "the runner lost the CI server") },
    { "stuck_or_timeout_failure",
        QT_TRANSLATE_NOOP("runs", "no runner took it, or it stopped answering") },
    { "runner_system_failure", QT_TRANSLATE_NOOP("runs", "the runner itself failed") },
    { "job_execution_timeout", QT_TRANSLATE_NOOP("runs", "it ran past its time limit") },
    { "trace_size_exceeded", QT_TRANSLATE_NOOP("runs", "its log passed the size limit") },
    { "no_matching_runner", QT_TRANSLATE_NOOP("runs", "no runner has the tags it needs") },
    { "runner_unsupported", QT_TRANSLATE_NOOP("runs", "the runner can't do what it asks for") },
    { "missing_dependency_failure",
        QT_TRANSLATE_NOOP("runs", "an artifact that it needs is missing") },
    { "unmet_prerequisites", QT_TRANSLATE_NOOP("runs", "a prerequisite was not met") },
    { "scheduler_failure", QT_TRANSLATE_NOOP("runs", "the CI server could not schedule it") },
    { "data_integrity_failure", QT_TRANSLATE_NOOP("runs", "the CI server found its data damaged") },
    { "runner_provisioning_timeout", QT_TRANSLATE_NOOP("runs", "no runner was ready in time") },
    { "runner_interrupted", QT_TRANSLATE_NOOP("runs", "the runner was interrupted") },
    { "image_pull_failure", QT_TRANSLATE_NOOP("runs", "image pull failed") },
    { "runner_external_dependency_failure",
        QT_TRANSLATE_NOOP("runs", "something the runner depends on failed") },
    { "runner_configuration_error", QT_TRANSLATE_NOOP("runs", "the runner is configured wrongly") },
    { "ci_quota_exceeded", QT_TRANSLATE_NOOP("runs", "the CI quota is used up") },
    { "stale_schedule", QT_TRANSLATE_NOOP("runs", "its scheduled time had passed") },
    { "user_blocked", QT_TRANSLATE_NOOP("runs", "its user is blocked") },
    { "unknown_failure", QT_TRANSLATE_NOOP("runs", "the CI server gives no reason") },
};

constexpr Words sources[] = {
    { "push", QT_TRANSLATE_NOOP("runs", "push") },
    { "web", QT_TRANSLATE_NOOP("runs", "web") },
    { "trigger", QT_TRANSLATE_NOOP("runs", "trigger") },
    { "schedule", QT_TRANSLATE_NOOP("runs", "schedule") },
    { "api", QT_TRANSLATE_NOOP("runs", "API") },
    { "merge_request_event", QT_TRANSLATE_NOOP("runs", "merge request") },
    { "pipeline", QT_TRANSLATE_NOOP("runs", "another pipeline") },
    { "parent_pipeline", QT_TRANSLATE_NOOP("runs", "parent pipeline") },
    { "chat", QT_TRANSLATE_NOOP("runs", "chat") },
};

template <std::size_t count>
QString wordsFor(const Words (&table)[count], const QString &name)
{
    for (const Words &entry : table) {
        if (name == QLatin1StringView(entry.name))
            return QCoreApplication::translate("runs", entry.words);
    }
    return QString(name).replace(u'_', u' ');
}

} // namespace

Verdict verdictOf(const domain::OpenEnum<CiStatus> &status, const QString &failureReason)
{
    switch (status.known()) {
    case CiStatus::Running:
    case CiStatus::Canceling:
        return Verdict::Running;
    case CiStatus::Success:
        return Verdict::Pass;
    case CiStatus::Failed: {
        const bool machinery
            = std::any_of(std::begin(infrastructureReasons), std::end(infrastructureReasons),
                [&](const char *name) { return failureReason == QLatin1StringView(name); });
        return machinery ? Verdict::Infrastructure : Verdict::Fail;
    }
    case CiStatus::Canceled:
        return Verdict::Cancelled;
    case CiStatus::Skipped:
        return Verdict::Skipped;
    case CiStatus::Manual:
        return Verdict::Manual;
    case CiStatus::Unknown:
        return Verdict::Unknown;
    default:
        return Verdict::Queued;
    }
}

QString verdictWord(Verdict verdict)
{
    switch (verdict) {
    case Verdict::Queued:
        return QCoreApplication::translate("runs", "queued");
    case Verdict::Running:
        return QCoreApplication::translate("runs", "running");
    case Verdict::Pass:
        return QCoreApplication::translate("runs", "pass");
    case Verdict::Fail:
        return QCoreApplication::translate("runs", "fail");
    case Verdict::Infrastructure:
        return QCoreApplication::translate("runs", "infra");
    case Verdict::Cancelled:
        return QCoreApplication::translate("runs", "stopped");
    case Verdict::Skipped:
        return QCoreApplication::translate("runs", "skipped");
    case Verdict::Manual:
        return QCoreApplication::translate("runs", "manual");
    case Verdict::Unknown:
        break;
    }
    return QCoreApplication::translate("runs", "unknown");
}

QString failureWords(const QString &failureReason)
{
    return wordsFor(failures, failureReason);
}

QString sourceWords(const QString &source)
{
    return wordsFor(sources, source);
}

qint64 RunRow::elapsedMs(const QDateTime &now) const
{
    if (!startedAt.isValid())
        return -1;
    return std::max<qint64>(0, startedAt.msecsTo(finishedAt.isValid() ? finishedAt : now));
}

double RunRow::progress(const QDateTime &now) const
{
    if (verdict != Verdict::Running)
        return -1;
    if (reportedProgress >= 0)
        return std::min(1.0, reportedProgress);
    const qint64 elapsed = elapsedMs(now);
    if (expectedMs <= 0 || elapsed < 0)
        return -1;
    return std::min(0.99, static_cast<double>(elapsed) / static_cast<double>(expectedMs));
}

int RunRow::jobCount() const
{
    return std::accumulate(counts.begin(), counts.end(), 0);
}

} // namespace faultline::models
