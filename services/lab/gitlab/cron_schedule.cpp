// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/lab/gitlab/cron_schedule.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <string>
#include <vector>

#include "services/lab/gitlab/civil_date.h"

namespace faultline::lab {

namespace {

constexpr std::int64_t furthestDays = 8 * 366;

struct Field
{
    int least;
    int most;
    std::string_view names; ///< three letters each, for `least` and on
};

constexpr std::array<Field, 5> fields = { { { 0, 59, "" }, { 0, 23, "" }, { 1, 31, "" },
    { 1, 12, "janfebmaraprmayjunjulaugsepoctnovdec" }, { 0, 7, "sunmontuewedthufrisat" } } };

std::vector<std::string_view> split(std::string_view text, std::string_view separators)
{
    std::vector<std::string_view> parts;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find_first_of(separators), text.size());
        parts.push_back(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return parts;
}

std::optional<int> valueOf(std::string_view text, const Field &field)
{
    int value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error == std::errc() && end == text.data() + text.size())
        return value >= field.least && value <= field.most ? std::optional(value) : std::nullopt;
    const std::size_t found
        = text.size() < 3 ? std::string_view::npos : field.names.find(text.substr(0, 3));
    if (found == std::string_view::npos || found % 3 != 0)
        return std::nullopt;
    return static_cast<int>(found / 3) + field.least;
}

// "*", "*/5", "1-5", "1-9/2", "3/10", "mon"
bool addPart(std::string_view part, const Field &field, std::bitset<64> &bits)
{
    int step = 1;
    const std::size_t slash = part.find('/');
    if (slash != std::string_view::npos) {
        const auto given = valueOf(part.substr(slash + 1), { 1, 59, "" });
        if (!given)
            return false;
        step = *given;
    }
    const std::string_view range = part.substr(0, slash);
    int first = field.least;
    int last = field.most;
    if (range != "*") {
        const std::size_t dash = range.find('-');
        const auto from = valueOf(range.substr(0, dash), field);
        const auto to = dash != std::string_view::npos ? valueOf(range.substr(dash + 1), field)
            : slash != std::string_view::npos          ? std::optional(field.most)
                                                       : from;
        if (!from || !to || *from > *to)
            return false;
        first = *from;
        last = *to;
    }
    for (int value = first; value <= last; value += step)
        bits.set(static_cast<std::size_t>(value));
    return true;
}

std::string_view longForm(std::string_view text)
{
    static constexpr std::array<std::pair<std::string_view, std::string_view>, 7> forms
        = { { { "@hourly", "0 * * * *" }, { "@daily", "0 0 * * *" }, { "@midnight", "0 0 * * *" },
            { "@weekly", "0 0 * * 0" }, { "@monthly", "0 0 1 * *" }, { "@yearly", "0 0 1 1 *" },
            { "@annually", "0 0 1 1 *" } } };
    for (const auto &[name, form] : forms)
        if (name == text)
            return form;
    return text;
}

} // namespace

std::optional<CronSchedule> CronSchedule::parse(std::string_view text)
{
    std::string lower;
    for (const char c : text.substr(0, 256))
        lower += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    std::vector<std::string_view> parts = split(longForm(lower), " \t");
    std::erase(parts, std::string_view());
    if (parts.size() != fields.size())
        return std::nullopt;
    CronSchedule schedule;
    const std::array<Bits *, 5> targets = { &schedule.m_minutes, &schedule.m_hours,
        &schedule.m_days, &schedule.m_months, &schedule.m_weekdays };
    for (std::size_t i = 0; i < fields.size(); ++i)
        for (const std::string_view part : split(parts[i], ","))
            if (!addPart(part, fields[i], *targets[i]))
                return std::nullopt;
    if (schedule.m_weekdays.test(7))
        schedule.m_weekdays.set(0);
    schedule.m_anyDay = parts[2].starts_with('*');
    schedule.m_anyWeekday = parts[4].starts_with('*');
    return schedule;
}

bool CronSchedule::isDay(std::int64_t days) const
{
    const CivilDate date = dateOf(days);
    if (!m_months.test(date.month))
        return false;
    const bool dayFits = m_days.test(date.day);
    const bool weekdayFits = m_weekdays.test(static_cast<std::size_t>(weekdayOf(days)));
    return m_anyDay || m_anyWeekday ? dayFits && weekdayFits : dayFits || weekdayFits;
}

std::optional<std::int64_t> CronSchedule::nextAfter(std::int64_t utc, const TimeZone &zone) const
{
    const std::int64_t today = daysIn(utc + zone.offsetAt(utc));
    for (std::int64_t day = today; day < today + furthestDays; ++day) {
        if (!isDay(day))
            continue;
        for (std::size_t minute = 0; minute < 24 * 60; ++minute) {
            if (!m_hours.test(minute / 60) || !m_minutes.test(minute % 60))
                continue;
            const auto moment = zone.utcOf(day * 86'400 + static_cast<std::int64_t>(minute) * 60);
            if (moment && *moment > utc)
                return moment;
        }
    }
    return std::nullopt;
}

} // namespace faultline::lab
