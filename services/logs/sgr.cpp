// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/logs/sgr.h"

#include <vector>

namespace faultline::logs {

namespace {

constexpr std::size_t maxCodes = 64;

std::vector<int> codesOf(std::string_view parameters)
{
    std::vector<int> codes;
    int value = 0;
    for (const char c : parameters) {
        if (c >= '0' && c <= '9') {
            value = value > 9999 ? value : value * 10 + (c - '0');
        } else if (c == ';' || c == ':') {
            if (codes.size() < maxCodes)
                codes.push_back(value);
            value = 0;
        }
    }
    if (codes.size() < maxCodes)
        codes.push_back(value);
    return codes;
}

/// Takes the codes behind 38 or 48; answers how many there were.
std::size_t takeExtended(const std::vector<int> &codes, std::size_t at, std::int16_t &colour)
{
    if (at >= codes.size())
        return 0;
    if (codes[at] == 2)
        return 4;
    if (codes[at] != 5)
        return 0;
    if (at + 1 < codes.size() && codes[at + 1] <= 255)
        colour = static_cast<std::int16_t>(codes[at + 1]);
    return 2;
}

void set(TextStyle &style, TextStyle::Flag flag, bool on)
{
    const int bits = on ? (style.flags | flag) : (style.flags & ~flag);
    style.flags = static_cast<std::uint8_t>(bits);
}

void applyFlag(int code, TextStyle &style)
{
    switch (code) {
    case 0:
        style = {};
        break;
    case 1:
        set(style, TextStyle::Bold, true);
        break;
    case 3:
        set(style, TextStyle::Italic, true);
        break;
    case 4:
        set(style, TextStyle::Underline, true);
        break;
    case 8:
        set(style, TextStyle::Conceal, true);
        break;
    case 9:
        set(style, TextStyle::Strike, true);
        break;
    case 21:
    case 22:
        set(style, TextStyle::Bold, false);
        break;
    case 23:
        set(style, TextStyle::Italic, false);
        break;
    case 24:
        set(style, TextStyle::Underline, false);
        break;
    case 28:
        set(style, TextStyle::Conceal, false);
        break;
    case 29:
        set(style, TextStyle::Strike, false);
        break;
    case 39:
    case 99:
        style.foreground = TextStyle::defaultColour;
        break;
    case 49:
    case 109:
        style.background = TextStyle::defaultColour;
        break;
    default:
        break;
    }
}

} // namespace

void applySgr(std::string_view parameters, TextStyle &style)
{
    const std::vector<int> codes = codesOf(parameters);
    for (std::size_t i = 0; i < codes.size(); ++i) {
        const int code = codes[i];
        if (code == 38)
            i += takeExtended(codes, i + 1, style.foreground);
        else if (code == 48)
            i += takeExtended(codes, i + 1, style.background);
        else if (code >= 30 && code <= 37)
            style.foreground = static_cast<std::int16_t>(code - 30);
        else if (code >= 40 && code <= 47)
            style.background = static_cast<std::int16_t>(code - 40);
        else if (code >= 90 && code <= 97)
            style.foreground = static_cast<std::int16_t>(code - 90 + 8);
        else if (code >= 100 && code <= 107)
            style.background = static_cast<std::int16_t>(code - 100 + 8);
        else
            applyFlag(code, style);
    }
}

} // namespace faultline::logs
