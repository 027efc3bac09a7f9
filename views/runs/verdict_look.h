// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/run_row.h"
#include "views/theme/theme.h"

namespace faultline::views {

/// Colour of a verdict's word, icon, dot and bar.
[[nodiscard]] Token tokenFor(models::Verdict verdict);
/// Icon (resources/icons) that says the same without colour.
[[nodiscard]] QString iconFor(models::Verdict verdict);
/// The style sheet's name of the colour, for PlainLabel::setTone.
[[nodiscard]] const char *toneName(models::Verdict verdict);

/// "0:42", "12:05", "3:43 h".
[[nodiscard]] QString durationText(qint64 ms);
/// "12 s ago", "3 min ago", "2 h ago", then the date.
[[nodiscard]] QString agoText(const QDateTime &utc, const QDateTime &now);

} // namespace faultline::views
