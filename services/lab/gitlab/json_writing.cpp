// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/lab/gitlab/json_writing.h"

#include <algorithm>
#include <array>
#include <charconv>

#include <nlohmann/json.hpp>

namespace faultline::lab {

namespace {

constexpr Milliseconds day = 86'400'000;

void appendPadded(std::string &out, std::int64_t number, int digits)
{
    std::array<char, 20> text{};
    const auto end = std::to_chars(text.data(), text.data() + text.size(), number).ptr;
    for (auto missing = digits - (end - text.data()); missing > 0; --missing)
        out += '0';
    out.append(text.data(), end);
}

// Howard Hinnant's civil_from_days; days since 1970, at least 0 here.
void appendDate(std::string &out, std::int64_t days)
{
    const std::int64_t z = days + 719'468;
    const std::int64_t era = z / 146'097;
    const std::int64_t dayOfEra = z - era * 146'097;
    const std::int64_t yearOfEra
        = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36'524 - dayOfEra / 146'096) / 365;
    const std::int64_t dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100);
    const std::int64_t shifted = (5 * dayOfYear + 2) / 153;
    const std::int64_t month = shifted < 10 ? shifted + 3 : shifted - 9;
    appendPadded(out, yearOfEra + era * 400 + (month <= 2 ? 1 : 0), 4);
    out += '-';
    appendPadded(out, month, 2);
    out += '-';
    appendPadded(out, dayOfYear - (153 * shifted + 2) / 5 + 1, 2);
}

} // namespace

void appendJsonText(std::string &out, std::string_view text)
{
    const bool isPlain = std::all_of(text.begin(), text.end(),
        [](char c) { return c >= ' ' && c < 0x7f && c != '"' && c != '\\'; });
    if (isPlain) {
        out += '"';
        out += text;
        out += '"';
        return;
    }
    out += nlohmann::json(text).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

void appendJsonTime(std::string &out, Milliseconds time)
{
    if (time <= 0) {
        out += "null";
        return;
    }
    const std::int64_t rest = time % day;
    out += '"';
    appendDate(out, time / day);
    out += 'T';
    appendPadded(out, rest / 3'600'000, 2);
    out += ':';
    appendPadded(out, rest / 60'000 % 60, 2);
    out += ':';
    appendPadded(out, rest / 1000 % 60, 2);
    out += '.';
    appendPadded(out, rest % 1000, 3);
    out += "Z\"";
}

void appendJsonSeconds(std::string &out, Milliseconds duration)
{
    const Milliseconds shown = std::max<Milliseconds>(0, duration);
    out += std::to_string(shown / 1000);
    out += '.';
    std::string fraction;
    appendPadded(fraction, shown % 1000, 3);
    while (fraction.size() > 1 && fraction.back() == '0')
        fraction.pop_back();
    out += fraction;
}

} // namespace faultline::lab
