// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/lab/gitlab/api_time.h"

#include <array>
#include <charconv>
#include <chrono>
#include <cstdio>
#include <ctime>

namespace faultline::lab {

Milliseconds currentTime()
{
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    return std::chrono::duration_cast<std::chrono::milliseconds>(now).count();
}

std::string timeText(Milliseconds time)
{
    const std::time_t seconds = static_cast<std::time_t>(time / 1000);
    std::tm parts{};
    gmtime_r(&seconds, &parts);
    std::array<char, 80> text{};
    std::snprintf(text.data(), text.size(), "%04d-%02d-%02dT%02d:%02d:%02d.%03dZ",
        parts.tm_year + 1900, parts.tm_mon + 1, parts.tm_mday, parts.tm_hour, parts.tm_min,
        parts.tm_sec, static_cast<int>(time % 1000));
    return text.data();
}

std::optional<Milliseconds> parseTime(std::string_view text)
{
    std::size_t at = 0;
    const auto number = [&](std::size_t digits) -> int {
        int value = -1;
        if (at + digits > text.size())
            return -1;
        const auto [end, error]
            = std::from_chars(text.data() + at, text.data() + at + digits, value);
        if (error != std::errc() || end != text.data() + at + digits)
            return -1;
        at += digits;
        return value;
    };
    const auto skip = [&](char a, char b) {
        const bool there = at < text.size() && (text[at] == a || text[at] == b);
        at += there ? 1 : 0;
        return there;
    };
    std::tm parts{};
    parts.tm_year = number(4) - 1900;
    const bool dateFits = skip('-', '-') && (parts.tm_mon = number(2) - 1) >= 0 && skip('-', '-')
        && (parts.tm_mday = number(2)) > 0 && parts.tm_year >= 0 && parts.tm_mon < 12
        && parts.tm_mday < 32;
    if (!dateFits)
        return std::nullopt;
    std::int64_t fraction = 0;
    std::int64_t offset = 0;
    if (skip('T', ' ')) {
        parts.tm_hour = number(2);
        if (!skip(':', ':') || (parts.tm_min = number(2)) < 0 || parts.tm_hour < 0)
            return std::nullopt;
        if (skip(':', ':') && (parts.tm_sec = number(2)) < 0)
            return std::nullopt;
        if (skip('.', ','))
            for (std::int64_t scale = 100; at < text.size() && text[at] >= '0' && text[at] <= '9';
                 ++at, scale /= 10)
                fraction += scale * (text[at] - '0');
        const char sign = at < text.size() ? text[at] : 'Z';
        // A "+" that was not escaped in a URL arrives as a space.
        if (sign == '+' || sign == '-' || sign == ' ') {
            ++at;
            const int hours = number(2);
            (void)skip(':', ':');
            const int minutes = number(2);
            if (hours < 0 || minutes < 0)
                return std::nullopt;
            offset = (sign == '-' ? -1 : 1) * (hours * 3600 + minutes * 60);
        }
    }
    return (static_cast<Milliseconds>(timegm(&parts)) - offset) * 1000 + fraction;
}

std::string httpTimeText(Milliseconds time)
{
    const std::time_t seconds = static_cast<std::time_t>(time / 1000);
    std::tm parts{};
    gmtime_r(&seconds, &parts);
    std::array<char, 64> text{};
    std::strftime(text.data(), text.size(), "%a, %d %b %Y %H:%M:%S GMT", &parts);
    return text.data();
}

std::optional<Milliseconds> parseHttpTime(std::string_view text)
{
    std::tm parts{};
    const std::string whole(text);
    const char *end = strptime(whole.c_str(), "%a, %d %b %Y %H:%M:%S GMT", &parts);
    if (!end || *end != '\0')
        return std::nullopt;
    return static_cast<Milliseconds>(timegm(&parts)) * 1000;
}

} // namespace faultline::lab
