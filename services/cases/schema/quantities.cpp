// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/cases/schema/quantities.h"

#include <array>
#include <charconv>
#include <cmath>

namespace faultline::cases {

using std::chrono::milliseconds;

namespace {

struct Unit
{
    std::string_view name;
    double factor;
};

constexpr std::array<Unit, 5> timeUnits{ { { "ms", 1 }, { "s", 1e3 }, { "m", 60e3 },
    { "h", 3600e3 }, { "d", 86400e3 } } };
constexpr std::array<Unit, 9> byteUnits{ { { "B", 1 }, { "KiB", 1024.0 }, { "MiB", 1048576.0 },
    { "GiB", 1073741824.0 }, { "TiB", 1099511627776.0 }, { "KB", 1e3 }, { "MB", 1e6 },
    { "GB", 1e9 }, { "TB", 1e12 } } };
constexpr double longestMilliseconds = 10 * 366 * 86400e3;

// Takes a number without sign or exponent from the front of `text`.
std::optional<double> takeNumber(std::string_view &text)
{
    const std::size_t end = std::min(text.find_first_not_of("0123456789."), text.size());
    double value = 0;
    const auto [stop, error]
        = std::from_chars(text.data(), text.data() + end, value, std::chars_format::fixed);
    if (end == 0 || error != std::errc() || stop != text.data() + end)
        return std::nullopt;
    text.remove_prefix(end);
    return value;
}

std::string_view takeUnit(std::string_view &text)
{
    const std::size_t end = std::min(text.find_first_of("0123456789."), text.size());
    const std::string_view unit = text.substr(0, end);
    text.remove_prefix(end);
    return unit;
}

template <std::size_t N>
std::optional<double> factorOf(const std::array<Unit, N> &units, std::string_view name)
{
    for (const Unit &unit : units) {
        if (unit.name == name)
            return unit.factor;
    }
    return std::nullopt;
}

} // namespace

std::optional<milliseconds> parseDuration(std::string_view text)
{
    if (text.empty())
        return std::nullopt;
    double total = 0;
    while (!text.empty()) {
        const auto number = takeNumber(text);
        const auto factor = number ? factorOf(timeUnits, takeUnit(text)) : std::nullopt;
        if (!factor)
            return std::nullopt;
        total += *number * *factor;
        if (total > longestMilliseconds)
            return std::nullopt;
    }
    return milliseconds(std::llround(total));
}

std::string durationText(milliseconds duration)
{
    std::int64_t rest = duration.count();
    if (rest <= 0)
        return "0s";
    std::string out;
    for (const auto &[unit, size] : { std::pair<const char *, std::int64_t>{ "d", 86'400'000 },
             { "h", 3'600'000 }, { "m", 60'000 }, { "s", 1'000 }, { "ms", 1 } }) {
        if (rest / size > 0)
            out += std::to_string(rest / size) + unit;
        rest %= size;
    }
    return out;
}

std::optional<std::int64_t> parseBytes(std::string_view text)
{
    const auto number = takeNumber(text);
    if (!number)
        return std::nullopt;
    const auto factor = text.empty() ? std::optional<double>(1) : factorOf(byteUnits, text);
    if (!factor || *number * *factor > 9e18)
        return std::nullopt;
    return std::llround(*number * *factor);
}

std::optional<std::int64_t> parseInteger(std::string_view text)
{
    std::int64_t value = 0;
    const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (text.empty() || error != std::errc() || stop != text.data() + text.size())
        return std::nullopt;
    return value;
}

std::optional<double> parseNumber(std::string_view text)
{
    double value = 0;
    const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (text.empty() || error != std::errc() || stop != text.data() + text.size()
        || !std::isfinite(value))
        return std::nullopt;
    return value;
}

std::optional<bool> parseBool(std::string_view text)
{
    if (text == "true")
        return true;
    if (text == "false")
        return false;
    return std::nullopt;
}

bool isYamlTrap(std::string_view text)
{
    static constexpr std::array<std::string_view, 20> traps{ "y", "Y", "yes", "Yes", "YES", "n",
        "N", "no", "No", "NO", "on", "On", "ON", "off", "Off", "OFF", "True", "TRUE", "False",
        "FALSE" };
    for (const std::string_view trap : traps) {
        if (text == trap)
            return true;
    }
    return false;
}

} // namespace faultline::cases
