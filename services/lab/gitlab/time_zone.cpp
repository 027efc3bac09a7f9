// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/lab/gitlab/time_zone.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <utility>

#include "services/lab/gitlab/files.h"

namespace faultline::lab {

namespace {

constexpr std::size_t headerSize = 44;

// Names that Rails shows in its forms and that are no IANA names; those of cities that are
// ("Berlin") are found below their continents.
constexpr std::array<std::pair<std::string_view, std::string_view>, 33> railsNames = { {
    { "International Date Line West", "Etc/GMT+12" },
    { "Midway Island", "Pacific/Midway" },
    { "American Samoa", "Pacific/Pago_Pago" },
    { "Hawaii", "Pacific/Honolulu" },
    { "Alaska", "America/Juneau" },
    { "Pacific Time (US & Canada)", "America/Los_Angeles" },
    { "Mountain Time (US & Canada)", "America/Denver" },
    { "Arizona", "America/Phoenix" },
    { "Central Time (US & Canada)", "America/Chicago" },
    { "Saskatchewan", "America/Regina" },
    { "Central America", "America/Guatemala" },
    { "Eastern Time (US & Canada)", "America/New_York" },
    { "Indiana (East)", "America/Indiana/Indianapolis" },
    { "Quito", "America/Lima" },
    { "Atlantic Time (Canada)", "America/Halifax" },
    { "Georgetown", "America/Guyana" },
    { "Newfoundland", "America/St_Johns" },
    { "Brasilia", "America/Sao_Paulo" },
    { "Greenland", "America/Godthab" },
    { "Mid-Atlantic", "Atlantic/South_Georgia" },
    { "Cape Verde Is.", "Atlantic/Cape_Verde" },
    { "Edinburgh", "Europe/London" },
    { "Bern", "Europe/Zurich" },
    { "West Central Africa", "Africa/Algiers" },
    { "Pretoria", "Africa/Johannesburg" },
    { "Abu Dhabi", "Asia/Muscat" },
    { "Islamabad", "Asia/Karachi" },
    { "Chennai", "Asia/Kolkata" },
    { "Mumbai", "Asia/Kolkata" },
    { "New Delhi", "Asia/Kolkata" },
    { "Beijing", "Asia/Shanghai" },
    { "Osaka", "Asia/Tokyo" },
    { "Canberra", "Australia/Melbourne" },
} };

std::int64_t bigEndian(const std::string &bytes, std::size_t at, int size)
{
    std::uint64_t value = 0;
    for (int i = 0; i < size; ++i)
        value = value << 8U | static_cast<unsigned char>(bytes[at + static_cast<std::size_t>(i)]);
    if (size == 4)
        return static_cast<std::int32_t>(static_cast<std::uint32_t>(value));
    return static_cast<std::int64_t>(value);
}

bool isSafeName(const std::string &name)
{
    return !name.empty() && name.size() < 64 && name.front() != '/' && name.front() != '.'
        && name.find("..") == std::string::npos
        && std::all_of(name.begin(), name.end(), [](unsigned char c) {
               return std::isalnum(c) != 0 || c == '/' || c == '_' || c == '-' || c == '+';
           });
}

std::optional<std::string> zoneFile(const std::string &name)
{
    const auto alias = std::find_if(railsNames.begin(), railsNames.end(),
        [&name](const auto &entry) { return entry.first == name; });
    std::string known = alias == railsNames.end() ? name : std::string(alias->second);
    std::replace(known.begin(), known.end(), ' ', '_');
    if (!isSafeName(known))
        return std::nullopt;
    for (const char *folder :
        { "", "Europe/", "America/", "Asia/", "Africa/", "Australia/", "Pacific/", "Atlantic/" })
        if (auto bytes = readFile("/usr/share/zoneinfo/" + std::string(folder) + known);
            bytes && bytes->starts_with("TZif"))
            return bytes;
    return std::nullopt;
}

} // namespace

std::optional<TimeZone> TimeZone::load(const std::string &name)
{
    TimeZone zone;
    if (name == "UTC" || name == "Etc/UTC")
        return zone;
    const auto bytes = zoneFile(name);
    if (!bytes || !zone.read(*bytes))
        return std::nullopt;
    return zone;
}

// RFC 8536: a block with 32-bit times, one with 64-bit times, and the rule for what comes after.
bool TimeZone::read(const std::string &bytes)
{
    const auto count = [&bytes](std::size_t header, std::size_t index) {
        return static_cast<std::size_t>(bigEndian(bytes, header + 20 + index * 4, 4));
    };
    if (bytes.size() < headerSize || bytes[4] < '2')
        return false;
    std::size_t at = headerSize + count(0, 3) * 5 + count(0, 4) * 6 + count(0, 5) + count(0, 2) * 8
        + count(0, 1) + count(0, 0);
    if (bytes.size() < at + headerSize)
        return false;
    const std::size_t header = at;
    const std::size_t changes = count(header, 3);
    const std::size_t types = count(header, 4);
    at += headerSize;
    const std::size_t indexes = at + changes * 8;
    const std::size_t infos = indexes + changes;
    const std::size_t footer = infos + types * 6 + count(header, 5) + count(header, 2) * 12
        + count(header, 1) + count(header, 0);
    if (types == 0 || bytes.size() < footer)
        return false;
    const auto offsetOf = [&](std::size_t type) { return bigEndian(bytes, infos + type * 6, 4); };
    m_firstOffset = offsetOf(0);
    for (std::size_t i = 0; i < changes; ++i) {
        const auto type = static_cast<unsigned char>(bytes[indexes + i]);
        if (type >= types)
            return false;
        m_changes.push_back({ bigEndian(bytes, at + i * 8, 8), offsetOf(type) });
    }
    const std::size_t end = bytes.find('\n', footer + 1);
    if (footer + 1 < bytes.size() && end != std::string::npos)
        m_rule = PosixZone::parse(std::string_view(bytes).substr(footer + 1, end - footer - 1));
    return true;
}

std::int64_t TimeZone::offsetAt(std::int64_t utc) const
{
    const auto after = std::upper_bound(m_changes.begin(), m_changes.end(), utc,
        [](std::int64_t moment, const Change &change) { return moment < change.from; });
    if (after == m_changes.end() && m_rule)
        return m_rule->offsetAt(utc);
    return after == m_changes.begin() ? m_firstOffset : std::prev(after)->offset;
}

std::optional<std::int64_t> TimeZone::utcOf(std::int64_t local) const
{
    // Offsets a day before and after are the only ones that can hold here.
    const std::int64_t before = local - offsetAt(local - 86'400);
    const std::int64_t after = local - offsetAt(local + 86'400);
    for (const std::int64_t utc : { std::min(before, after), std::max(before, after) })
        if (utc + offsetAt(utc) == local)
            return utc;
    return std::nullopt;
}

} // namespace faultline::lab
