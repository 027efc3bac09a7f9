// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/domain/ci_details.h"
#include "services/net/call.h"

#include <optional>

namespace faultline::ci {

/// What a schedule is to be; what is not set stays as it is. A new one needs the first three.
struct ScheduleSpec
{
    std::optional<QString> description;
    std::optional<QString> ref;
    std::optional<QString> cron;
    std::optional<QString> cronTimezone;
    std::optional<bool> active;
    QMap<QString, QJsonValue> inputs; ///< to set; others stay
    QStringList droppedInputs;
};

/// Pipelines at fixed times (facts: gitlab.md §4). The duties and the thread are CiBackend's.
class CiSchedules
{
public:
    CiSchedules() = default;
    virtual ~CiSchedules() = default;
    CiSchedules(const CiSchedules &) = delete;
    CiSchedules &operator=(const CiSchedules &) = delete;

    [[nodiscard]] virtual net::Call list(domain::Done<QList<domain::Schedule>> done) = 0;
    /// With its variables and its last pipeline.
    [[nodiscard]] virtual net::Call one(domain::ScheduleId id, domain::Done<domain::Schedule> done)
        = 0;
    [[nodiscard]] virtual net::Call create(ScheduleSpec spec, domain::Done<domain::Schedule> done)
        = 0;
    /// ErrorKind::Forbidden for somebody else's: take it over first.
    [[nodiscard]] virtual net::Call change(
        domain::ScheduleId id, ScheduleSpec spec, domain::Done<domain::Schedule> done)
        = 0;
    [[nodiscard]] virtual net::Call remove(domain::ScheduleId id, domain::Done<void> done) = 0;
    /// Makes the variable or changes it.
    [[nodiscard]] virtual net::Call setVariable(
        domain::ScheduleId id, domain::CiVariable variable, domain::Done<void> done)
        = 0;
    [[nodiscard]] virtual net::Call removeVariable(
        domain::ScheduleId id, QString key, domain::Done<void> done)
        = 0;
    /// Runs it now, once a minute at most (ErrorKind::RateLimited). The pipeline is created later:
    /// look for it with pipelines().
    [[nodiscard]] virtual net::Call play(domain::ScheduleId id, domain::Done<void> done) = 0;
    [[nodiscard]] virtual net::Call takeOwnership(
        domain::ScheduleId id, domain::Done<domain::Schedule> done)
        = 0;
    /// Those that it started, newest first, at most `limit`.
    [[nodiscard]] virtual net::Call pipelines(
        domain::ScheduleId id, int limit, domain::Done<QList<domain::Pipeline>> done)
        = 0;
};

} // namespace faultline::ci
