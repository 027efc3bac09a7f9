// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/domain/ci_details.h"
#include "services/net/call.h"

#include <optional>

namespace faultline::ci {

/// Which pipelines of a project; an empty field asks for all (facts: gitlab.md §2.1).
struct PipelineFilter
{
    QString status; ///< the server's word, e.g. "failed"
    QString ref;
    QString sha;
    QString source; ///< "schedule", "trigger", …
    QString userName;
    QDateTime updatedAfter; ///< UTC
    QDateTime updatedBefore;
    QDateTime createdAfter;
    QDateTime createdBefore;
    QString scope; ///< "running", "pending", "finished", "branches", "tags"
    QString name; ///< of the pipeline
    std::optional<bool> hasYamlErrors;
};

/// What can be asked of and done to pipelines beyond starting, retrying and cancelling them. The
/// duties and the thread are CiBackend's.
class CiPipelines
{
public:
    CiPipelines() = default;
    virtual ~CiPipelines() = default;
    CiPipelines(const CiPipelines &) = delete;
    CiPipelines &operator=(const CiPipelines &) = delete;

    /// Newest first, at most `limit`.
    [[nodiscard]] virtual net::Call list(
        PipelineFilter filter, int limit, domain::Done<QList<domain::Pipeline>> done)
        = 0;
    /// The newest of a branch or tag; of the default branch when `ref` is empty. GitLab answers
    /// ErrorKind::Forbidden when there is none.
    [[nodiscard]] virtual net::Call latest(QString ref, domain::Done<domain::Pipeline> done) = 0;
    /// With its jobs, logs and artifacts; child pipelines stay.
    [[nodiscard]] virtual net::Call remove(domain::PipelineId id, domain::Done<void> done) = 0;
    [[nodiscard]] virtual net::Call rename(
        domain::PipelineId id, QString name, domain::Done<domain::Pipeline> done)
        = 0;
    [[nodiscard]] virtual net::Call variables(
        domain::PipelineId id, domain::Done<QList<domain::CiVariable>> done)
        = 0;
    /// The jobs that start other pipelines.
    [[nodiscard]] virtual net::Call bridges(
        domain::PipelineId id, domain::Done<QList<domain::Bridge>> done)
        = 0;
    /// Every case of every JUnit report; empty before the jobs have ended.
    [[nodiscard]] virtual net::Call testReport(
        domain::PipelineId id, domain::Done<domain::TestReport> done)
        = 0;
    /// The counts alone, cheap enough for lists.
    [[nodiscard]] virtual net::Call testSummary(
        domain::PipelineId id, domain::Done<domain::TestReport> done)
        = 0;
};

} // namespace faultline::ci
