// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/ci/ci_pipelines.h"
#include "services/ci/gitlab/gitlab_verbs.h"

namespace faultline::ci::gitlab {

/// CiPipelines on …/pipelines (facts: gitlab.md §2, §5b).
class GitLabPipelines : public CiPipelines, private GitLabVerbs
{
public:
    using GitLabVerbs::GitLabVerbs;

    [[nodiscard]] net::Call list(
        PipelineFilter filter, int limit, domain::Done<QList<domain::Pipeline>> done) override;
    [[nodiscard]] net::Call latest(QString ref, domain::Done<domain::Pipeline> done) override;
    [[nodiscard]] net::Call remove(domain::PipelineId id, domain::Done<void> done) override;
    [[nodiscard]] net::Call rename(
        domain::PipelineId id, QString name, domain::Done<domain::Pipeline> done) override;
    [[nodiscard]] net::Call variables(
        domain::PipelineId id, domain::Done<QList<domain::CiVariable>> done) override;
    [[nodiscard]] net::Call bridges(
        domain::PipelineId id, domain::Done<QList<domain::Bridge>> done) override;
    [[nodiscard]] net::Call testReport(
        domain::PipelineId id, domain::Done<domain::TestReport> done) override;
    [[nodiscard]] net::Call testSummary(
        domain::PipelineId id, domain::Done<domain::TestReport> done) override;

private:
    [[nodiscard]] QString path(domain::PipelineId id, const QString &rest = {}) const;
};

} // namespace faultline::ci::gitlab
