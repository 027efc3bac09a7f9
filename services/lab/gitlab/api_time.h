// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "services/lab/gitlab/store_records.h"

namespace faultline::lab {

[[nodiscard]] Milliseconds currentTime();
/// "2026-11-23T08:00:00.000Z"
[[nodiscard]] std::string timeText(Milliseconds time);
/// ISO 8601, with or without seconds' fraction and zone ("Z", "+02:00", none = UTC), or a date
/// alone.
[[nodiscard]] std::optional<Milliseconds> parseTime(std::string_view text);

/// "Mon, 23 Nov 2026 08:00:00 GMT", as in HTTP's headers.
[[nodiscard]] std::string httpTimeText(Milliseconds time);
[[nodiscard]] std::optional<Milliseconds> parseHttpTime(std::string_view text);

} // namespace faultline::lab
