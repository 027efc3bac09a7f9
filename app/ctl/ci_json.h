// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/ctl/json_values.h"
#include "services/domain/ci_details.h"

#include <QJsonArray>
#include <QJsonObject>

namespace faultline::ctl {

/// The stable JSON shapes of CI things beyond pipelines and jobs (json_values.h).
[[nodiscard]] QJsonObject toJson(const domain::CiVariable &variable);
[[nodiscard]] QJsonObject toJson(const domain::Bridge &bridge);
[[nodiscard]] QJsonObject toJson(const domain::TestReport &report);
[[nodiscard]] QJsonObject toJson(const domain::Schedule &schedule);
[[nodiscard]] QJsonObject toJson(const domain::Runner &runner);
[[nodiscard]] QJsonObject toJson(const domain::CiLint &lint);

template <typename T>
[[nodiscard]] QJsonArray toJsonArray(const QList<T> &values)
{
    QJsonArray out;
    for (const T &value : values)
        out += toJson(value);
    return out;
}

/// "2026-01-31 12:00" in local time; empty for an invalid time.
[[nodiscard]] QString timeText(const QDateTime &time);

} // namespace faultline::ctl
