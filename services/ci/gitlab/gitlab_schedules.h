// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/ci/ci_schedules.h"
#include "services/ci/gitlab/gitlab_verbs.h"

namespace faultline::ci::gitlab {

/// CiSchedules on …/pipeline_schedules (facts: gitlab.md §4).
class GitLabSchedules : public CiSchedules, private GitLabVerbs
{
public:
    using GitLabVerbs::GitLabVerbs;

    [[nodiscard]] net::Call list(domain::Done<QList<domain::Schedule>> done) override;
    [[nodiscard]] net::Call one(
        domain::ScheduleId id, domain::Done<domain::Schedule> done) override;
    [[nodiscard]] net::Call create(ScheduleSpec spec, domain::Done<domain::Schedule> done) override;
    [[nodiscard]] net::Call change(
        domain::ScheduleId id, ScheduleSpec spec, domain::Done<domain::Schedule> done) override;
    [[nodiscard]] net::Call remove(domain::ScheduleId id, domain::Done<void> done) override;
    [[nodiscard]] net::Call setVariable(
        domain::ScheduleId id, domain::CiVariable variable, domain::Done<void> done) override;
    [[nodiscard]] net::Call removeVariable(
        domain::ScheduleId id, QString key, domain::Done<void> done) override;
    [[nodiscard]] net::Call play(domain::ScheduleId id, domain::Done<void> done) override;
    [[nodiscard]] net::Call takeOwnership(
        domain::ScheduleId id, domain::Done<domain::Schedule> done) override;
    [[nodiscard]] net::Call pipelines(
        domain::ScheduleId id, int limit, domain::Done<QList<domain::Pipeline>> done) override;

private:
    [[nodiscard]] QString path(domain::ScheduleId id, const QString &rest = {}) const;
};

} // namespace faultline::ci::gitlab
