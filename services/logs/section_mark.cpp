// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/logs/section_mark.h"

#include <algorithm>
#include <charconv>

namespace faultline::logs {

namespace {

constexpr std::size_t longestMark = 512;

bool isNameCharacter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_'
        || c == '.' || c == '-';
}

void takeOptions(std::string_view options, SectionMark &mark)
{
    while (!options.empty()) {
        const std::size_t comma = std::min(options.find(','), options.size());
        const std::string_view option = options.substr(0, comma);
        if (option == "collapsed=true")
            mark.isCollapsed = true;
        else if (option == "hide_duration=true")
            mark.hidesDuration = true;
        options.remove_prefix(std::min(options.size(), comma + 1));
    }
}

/// UNIX:NAME[options] and nothing else.
bool takeBody(std::string_view body, SectionMark &mark)
{
    const auto [end, error]
        = std::from_chars(body.data(), body.data() + body.size(), mark.unixTime);
    if (error != std::errc() || mark.unixTime < 0 || end == body.data() + body.size()
        || *end != ':')
        return false;
    body.remove_prefix(static_cast<std::size_t>(end - body.data()) + 1);
    const auto nameEnd = std::find_if_not(body.begin(), body.end(), isNameCharacter);
    mark.name.assign(body.begin(), nameEnd);
    body.remove_prefix(mark.name.size());
    if (mark.name.empty())
        return false;
    if (body.empty())
        return true;
    if (body.size() < 2 || body.front() != '[' || body.back() != ']')
        return false;
    takeOptions(body.substr(1, body.size() - 2), mark);
    return true;
}

} // namespace

std::optional<FoundMark> markAtEnd(std::string_view text)
{
    const std::size_t skipped = text.size() > longestMark ? text.size() - longestMark : 0;
    const std::string_view tail = text.substr(skipped);
    const std::size_t at = tail.rfind("section_");
    if (at == std::string_view::npos)
        return std::nullopt;
    FoundMark found;
    found.from = skipped + at;
    std::string_view body = tail.substr(at + 8);
    if (body.starts_with("start:")) {
        found.isStart = true;
        body.remove_prefix(6);
    } else if (body.starts_with("end:")) {
        body.remove_prefix(4);
    } else {
        return std::nullopt;
    }
    if (!takeBody(body, found.mark))
        return std::nullopt;
    return found;
}

} // namespace faultline::logs
