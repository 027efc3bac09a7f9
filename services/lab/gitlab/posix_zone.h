// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace faultline::lab {

/// The rule at the end of a zone file: "CET-1CEST,M3.5.0,M10.5.0/3" (RFC 8536, POSIX TZ).
class PosixZone
{
public:
    [[nodiscard]] static std::optional<PosixZone> parse(std::string_view text);

    /// Seconds east of UTC at a moment (seconds since 1970).
    [[nodiscard]] std::int64_t offsetAt(std::int64_t utc) const;

private:
    struct Day
    {
        char kind = 'M'; ///< M: month.week.day, J: day 1–365 without 29 February, 0: day 0–365
        int month = 0;
        int week = 0;
        int day = 0;
        std::int64_t time = 7200; ///< seconds after midnight, local
    };

    [[nodiscard]] static std::optional<Day> parseDay(std::string_view &rest);
    [[nodiscard]] static std::int64_t momentOf(const Day &day, std::int64_t year);

    std::int64_t m_standard = 0;
    std::int64_t m_summer = 0;
    bool m_hasSummer = false;
    Day m_begin;
    Day m_end;
};

} // namespace faultline::lab
