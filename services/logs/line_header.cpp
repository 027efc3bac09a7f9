// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/logs/line_header.h"

#include <chrono>

namespace faultline::logs {

namespace {

// d digit, h lower-case hex digit, o 'O' or 'E', p '+' or ' '; anything else stands for itself.
constexpr std::string_view pattern = "dddd-dd-ddTdd:dd:dd.ddddddZ hhop";
static_assert(pattern.size() == LineHeader::size);

bool isDigit(char c)
{
    return c >= '0' && c <= '9';
}

bool fits(char c, char place)
{
    switch (place) {
    case 'd':
        return isDigit(c);
    case 'h':
        return isDigit(c) || (c >= 'a' && c <= 'f');
    case 'o':
        return c == 'O' || c == 'E';
    case 'p':
        return c == '+' || c == ' ';
    default:
        return c == place;
    }
}

int number(std::string_view bytes, std::size_t from, std::size_t digits)
{
    int value = 0;
    for (std::size_t i = from; i < from + digits; ++i)
        value = value * 10 + (bytes[i] - '0');
    return value;
}

} // namespace

bool mayBecomeLineHeader(std::string_view bytes)
{
    for (std::size_t i = 0; i < bytes.size() && i < pattern.size(); ++i) {
        if (!fits(bytes[i], pattern[i]))
            return false;
    }
    return true;
}

std::optional<LineHeader> parseLineHeader(std::string_view bytes)
{
    using namespace std::chrono;
    if (bytes.size() != LineHeader::size || !mayBecomeLineHeader(bytes))
        return std::nullopt;
    const year_month_day date{ year(number(bytes, 0, 4)),
        month(static_cast<unsigned>(number(bytes, 5, 2))),
        day(static_cast<unsigned>(number(bytes, 8, 2))) };
    const int hour = number(bytes, 11, 2);
    const int minute = number(bytes, 14, 2);
    const int second = number(bytes, 17, 2);
    if (!date.ok() || hour > 23 || minute > 59 || second > 60)
        return std::nullopt;
    const auto time = sys_days(date).time_since_epoch() + hours(hour) + minutes(minute)
        + seconds(second) + microseconds(number(bytes, 20, 6));
    LineHeader header;
    header.timeUs = duration_cast<microseconds>(time).count();
    header.isFromRunner = bytes.substr(28, 2) == "00";
    header.isError = bytes[30] == 'E';
    header.continues = bytes[31] == '+';
    return header;
}

} // namespace faultline::logs
