// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDateTime>
#include <QString>

namespace faultline::models {

/// How long ago, in one or two units: "12 s", "4 min", "3 h 20 min", "5 d". Empty when `from` is
/// invalid; a time that lies ahead (skewed clocks) counts as now.
[[nodiscard]] QString ageWords(const QDateTime &from, const QDateTime &now);

/// A duration in the same words.
[[nodiscard]] QString durationWords(qint64 ms);

} // namespace faultline::models
