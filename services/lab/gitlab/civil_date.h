// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <cstdint>

namespace faultline::lab {

struct CivilDate
{
    std::int64_t year = 1970;
    unsigned month = 1;
    unsigned day = 1;
};

/// Days since 1970.
[[nodiscard]] inline std::int64_t daysOf(const CivilDate &date)
{
    using namespace std::chrono;
    return sys_days(year(static_cast<int>(date.year)) / month(date.month) / day(date.day))
        .time_since_epoch()
        .count();
}

[[nodiscard]] inline CivilDate dateOf(std::int64_t days)
{
    using namespace std::chrono;
    const year_month_day date{ sys_days(std::chrono::days(days)) };
    return { static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
        static_cast<unsigned>(date.day()) };
}

/// 0 = Sunday.
[[nodiscard]] inline int weekdayOf(std::int64_t days)
{
    return static_cast<int>(((days % 7) + 11) % 7);
}

/// Rounds down, also below 0.
[[nodiscard]] inline std::int64_t daysIn(std::int64_t seconds)
{
    return (seconds >= 0 ? seconds : seconds - 86'399) / 86'400;
}

} // namespace faultline::lab
