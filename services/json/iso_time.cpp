// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/json/iso_time.h"

#include <optional>

namespace faultline::json {

namespace {

/// Takes numbers and marks from the front of a text.
class Cursor
{
public:
    explicit Cursor(std::string_view text)
        : m_text(text)
    {
    }

    [[nodiscard]] bool isAtEnd() const { return m_text.empty(); }
    [[nodiscard]] char next() const { return m_text.empty() ? '\0' : m_text.front(); }

    bool take(char mark)
    {
        if (next() != mark)
            return false;
        m_text.remove_prefix(1);
        return true;
    }

    /// Exactly `digits` digits, or -1.
    int number(size_t digits)
    {
        if (m_text.size() < digits)
            return -1;
        int out = 0;
        for (size_t i = 0; i < digits; ++i) {
            if (m_text[i] < '0' || m_text[i] > '9')
                return -1;
            out = out * 10 + (m_text[i] - '0');
        }
        m_text.remove_prefix(digits);
        return out;
    }

    /// Milliseconds of the digits behind a decimal point; further digits are cut off.
    int fraction()
    {
        int out = 0;
        int scale = 100;
        while (next() >= '0' && next() <= '9') {
            out += (next() - '0') * scale;
            scale /= 10;
            m_text.remove_prefix(1);
        }
        return out;
    }

    /// Minutes east of UTC, or nothing when what is left is no zone.
    std::optional<int> zone()
    {
        if (isAtEnd() || m_text == "Z" || m_text == "z" || m_text == " UTC")
            return 0;
        const int sign = take('-') ? -1 : take('+') ? 1 : 0;
        const int hours = number(2);
        take(':');
        const int minutes = isAtEnd() ? 0 : number(2);
        if (sign == 0 || hours < 0 || hours > 18 || minutes < 0 || minutes > 59 || !isAtEnd())
            return std::nullopt;
        return sign * (hours * 60 + minutes);
    }

private:
    std::string_view m_text;
};

/// Days since 1970-01-01 of a day of the Gregorian calendar (years from March, in eras of 400
/// years).
qint64 daysOf(int year, int month, int day)
{
    const qint64 y = month <= 2 ? year - 1 : year;
    const qint64 era = y / 400;
    const qint64 yearOfEra = y - era * 400;
    const qint64 dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    const qint64 dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear;
    return era * 146097 + dayOfEra - 719468;
}

} // namespace

QDateTime isoTime(std::string_view text)
{
    Cursor cursor(text);
    const int year = cursor.number(4);
    const bool firstDash = cursor.take('-');
    const int month = cursor.number(2);
    const bool secondDash = cursor.take('-');
    const int day = cursor.number(2);
    const bool separated = cursor.take('T') || cursor.take(' ');
    const int hour = cursor.number(2);
    const bool firstColon = cursor.take(':');
    const int minute = cursor.number(2);
    const bool secondColon = cursor.take(':');
    const int second = cursor.number(2);
    if (!firstDash || !secondDash || !separated || !firstColon || !secondColon)
        return {};
    if (year < 0 || month < 1 || month > 12 || day < 1 || day > 31 || hour < 0 || hour > 23
        || minute < 0 || minute > 59 || second < 0 || second > 60)
        return {};
    const int milliseconds = cursor.take('.') ? cursor.fraction() : 0;
    const std::optional<int> offset = cursor.zone();
    if (!offset)
        return {};
    const qint64 minutes = (daysOf(year, month, day) * 24 + hour) * 60 + minute - *offset;
    return QDateTime::fromMSecsSinceEpoch((minutes * 60 + second) * 1000 + milliseconds, Qt::UTC);
}

} // namespace faultline::json
