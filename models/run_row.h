// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/domain/pipeline.h"
#include "services/domain/stack.h"

#include <QMetaType>

#include <array>

namespace faultline::models {

/// How a run stands, as people say it; a closed list that views map to colour and icon.
enum class Verdict {
    Queued,
    Running,
    Pass,
    Fail,
    Infrastructure,
    Cancelled,
    Skipped,
    Manual,
    Unknown
};
inline constexpr std::size_t verdictCount = 9;

/// Number of runs per verdict, indexed by `Verdict`.
using VerdictCounts = std::array<int, verdictCount>;

/// A verdict of a CI status: a failure of the machinery (facts: gitlab.md §2.6) is not the case's
/// failure, and a status that this program doesn't know is Unknown, never Pass.
[[nodiscard]] Verdict verdictOf(
    const domain::OpenEnum<domain::CiStatus> &status, const QString &failureReason = {});

/// The word for a verdict in the user's language ("pass", "infra", …).
[[nodiscard]] QString verdictWord(Verdict verdict);

/// GitLab's failure_reason as a sentence part; a reason that is not known is shown by its name.
[[nodiscard]] QString failureWords(const QString &failureReason);

/// What started a pipeline, e.g. "trigger" or "api", in the user's language.
[[nodiscard]] QString sourceWords(const QString &source);

/// One dot of the stages column.
struct StageDot
{
    QString name;
    Verdict verdict = Verdict::Queued;

    friend bool operator==(const StageDot &, const StageDot &) = default;
};

/// Everything that is painted for one row of the Runs page: a pipeline (a group) or a job (a case).
struct RunRow
{
    enum class Kind { Pipeline, Job };
    Kind kind = Kind::Job;
    domain::PipelineId pipelineId;
    domain::JobId jobId; ///< empty for a pipeline
    qint64 pipelineNumber = 0; ///< 0 when the pipeline itself is not known yet

    Verdict verdict = Verdict::Unknown;
    QString verdictText; ///< the word, or the server's own name of an unknown status
    QString name; ///< case, or the pipeline's name (may be empty for a pipeline)
    QString stage; ///< stage of a job
    QString ref;
    QString shortSha; ///< eight characters
    QList<StageDot> stages; ///< the pipeline's stages in order
    int stageIndex = -1; ///< the job's own stage in `stages`; -1 for a pipeline
    bool isSuperseded
        = false; ///< a newer job of the same name exists in the pipeline (it was retried)

    QDateTime createdAt; ///< UTC
    QDateTime startedAt; ///< UTC, invalid before it runs
    QDateTime finishedAt; ///< UTC, invalid while it runs
    qint64 expectedMs = -1; ///< how long the newest pass of this case took; -1 unknown
    double reportedProgress = -1; ///< 0…1 as the case itself reports it; -1 unknown

    QString runnerName;
    domain::StackId stackId; ///< empty while no container of this job was seen
    QString stackName;
    QString trigger; ///< who or what, e.g. "api · Ann"
    QString commitTitle;
    QString failure; ///< in words, empty unless failed
    QString webUrl;
    VerdictCounts counts{}; ///< jobs per verdict, for a pipeline

    /// How long it ran so far or altogether; -1 before it started.
    [[nodiscard]] qint64 elapsedMs(const QDateTime &now) const;
    /// 0…1 of a running job by its own report or by the expected time (then at most 0.99); -1 when
    /// unknown.
    [[nodiscard]] double progress(const QDateTime &now) const;
    [[nodiscard]] int jobCount() const;

    friend bool operator==(const RunRow &, const RunRow &) = default;
};

} // namespace faultline::models

Q_DECLARE_METATYPE(faultline::models::RunRow)
