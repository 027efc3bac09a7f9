// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <bitset>
#include <cstdint>
#include <optional>
#include <string_view>

#include "services/lab/gitlab/time_zone.h"

namespace faultline::lab {

/// Five fields of cron: minute, hour, day of month, month, day of week; lists, ranges, steps, names
/// ("mon", "jan"), and @hourly, @daily, @midnight, @weekly, @monthly, @yearly, @annually. As in
/// cron, when both kinds of day are given, one of them is enough.
class CronSchedule
{
public:
    [[nodiscard]] static std::optional<CronSchedule> parse(std::string_view text);

    /// The first moment after `utc` (seconds since 1970) in this zone; nothing when there is none
    /// in the next eight years (30 February).
    [[nodiscard]] std::optional<std::int64_t> nextAfter(
        std::int64_t utc, const TimeZone &zone) const;

private:
    using Bits = std::bitset<64>;

    [[nodiscard]] bool isDay(std::int64_t days) const;

    Bits m_minutes;
    Bits m_hours;
    Bits m_days;
    Bits m_months;
    Bits m_weekdays;
    bool m_anyDay = false;
    bool m_anyWeekday = false;
};

} // namespace faultline::lab
