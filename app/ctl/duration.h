// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

#include <chrono>
#include <optional>

namespace faultline::ctl {

/// "300s", "5m", "1h", "250ms"; a bare number is seconds. Nothing for anything else, for negative
/// and for more than a year.
[[nodiscard]] std::optional<std::chrono::milliseconds> parseDuration(const QString &text);

} // namespace faultline::ctl
