// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/lab/gitlab/posix_zone.h"

#include <cctype>

#include "services/lab/gitlab/civil_date.h"

namespace faultline::lab {

namespace {

bool skipName(std::string_view &rest)
{
    const std::size_t before = rest.size();
    if (rest.starts_with('<')) {
        const std::size_t end = rest.find('>');
        rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
    } else {
        while (!rest.empty() && std::isalpha(static_cast<unsigned char>(rest.front())))
            rest.remove_prefix(1);
    }
    return rest.size() < before;
}

std::optional<int> takeNumber(std::string_view &rest)
{
    if (rest.empty() || !std::isdigit(static_cast<unsigned char>(rest.front())))
        return std::nullopt;
    int value = 0;
    while (!rest.empty() && std::isdigit(static_cast<unsigned char>(rest.front()))
        && value < 100'000) {
        value = value * 10 + (rest.front() - '0');
        rest.remove_prefix(1);
    }
    return value;
}

bool take(std::string_view &rest, char letter)
{
    if (!rest.starts_with(letter))
        return false;
    rest.remove_prefix(1);
    return true;
}

// "[+-]hh[:mm[:ss]]" in seconds.
std::optional<std::int64_t> takeTime(std::string_view &rest)
{
    const bool negative = take(rest, '-');
    if (!negative)
        take(rest, '+');
    const auto hours = takeNumber(rest);
    if (!hours)
        return std::nullopt;
    std::int64_t seconds = *hours * 3600LL;
    if (take(rest, ':'))
        seconds += takeNumber(rest).value_or(0) * 60LL;
    if (take(rest, ':'))
        seconds += takeNumber(rest).value_or(0);
    return negative ? -seconds : seconds;
}

} // namespace

std::optional<PosixZone> PosixZone::parse(std::string_view text)
{
    PosixZone zone;
    if (!skipName(text))
        return std::nullopt;
    const auto west = takeTime(text);
    if (!west)
        return std::nullopt;
    zone.m_standard = zone.m_summer = -*west;
    if (text.empty())
        return zone;
    if (!skipName(text))
        return std::nullopt;
    zone.m_hasSummer = true;
    zone.m_summer = zone.m_standard + 3600;
    if (!text.starts_with(',')) {
        const auto summerWest = takeTime(text);
        if (!summerWest)
            return std::nullopt;
        zone.m_summer = -*summerWest;
    }
    const auto begin = take(text, ',') ? parseDay(text) : std::nullopt;
    const auto end = take(text, ',') ? parseDay(text) : std::nullopt;
    if (!begin || !end)
        return std::nullopt;
    zone.m_begin = *begin;
    zone.m_end = *end;
    return zone;
}

std::optional<PosixZone::Day> PosixZone::parseDay(std::string_view &rest)
{
    Day day;
    if (take(rest, 'M')) {
        const int month = takeNumber(rest).value_or(0);
        const int week = take(rest, '.') ? takeNumber(rest).value_or(0) : 0;
        const int weekday = take(rest, '.') ? takeNumber(rest).value_or(-1) : -1;
        if (month < 1 || month > 12 || week < 1 || week > 5 || weekday < 0 || weekday > 6)
            return std::nullopt;
        day.month = month;
        day.week = week;
        day.day = weekday;
    } else {
        day.kind = take(rest, 'J') ? 'J' : '0';
        const auto number = takeNumber(rest);
        if (!number || *number > 366)
            return std::nullopt;
        day.day = *number;
    }
    if (take(rest, '/')) {
        const auto time = takeTime(rest);
        if (!time)
            return std::nullopt;
        day.time = *time;
    }
    return day;
}

// Local time, in seconds since 1970 as if it were UTC.
std::int64_t PosixZone::momentOf(const Day &day, std::int64_t year)
{
    const std::int64_t newYear = daysOf({ year, 1, 1 });
    if (day.kind == '0')
        return (newYear + day.day) * 86'400 + day.time;
    if (day.kind == 'J') {
        const bool isLeap = daysOf({ year + 1, 1, 1 }) - newYear == 366;
        const int afterFebruary = isLeap && day.day >= 60 ? 1 : 0;
        return (newYear + day.day - 1 + afterFebruary) * 86'400 + day.time;
    }
    const auto month = static_cast<unsigned>(day.month);
    const std::int64_t first = daysOf({ year, month, 1 });
    const std::int64_t next
        = month == 12 ? daysOf({ year + 1, 1, 1 }) : daysOf({ year, month + 1, 1 });
    std::int64_t chosen = first + (day.day - weekdayOf(first) + 7) % 7 + (day.week - 1) * 7;
    while (chosen >= next)
        chosen -= 7; // week 5 is the last one
    return chosen * 86'400 + day.time;
}

std::int64_t PosixZone::offsetAt(std::int64_t utc) const
{
    if (!m_hasSummer)
        return m_standard;
    const std::int64_t year = dateOf(daysIn(utc + m_standard)).year;
    const std::int64_t begin = momentOf(m_begin, year) - m_standard;
    const std::int64_t end = momentOf(m_end, year) - m_summer;
    const bool isSummer = begin < end ? utc >= begin && utc < end : utc >= begin || utc < end;
    return isSummer ? m_summer : m_standard;
}

} // namespace faultline::lab
