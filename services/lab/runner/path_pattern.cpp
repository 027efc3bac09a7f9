// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/lab/runner/path_pattern.h"

#include <string>
#include <vector>

#include <fnmatch.h>

namespace faultline::lab {

namespace {

std::vector<std::string> segmentsOf(std::string_view path)
{
    std::vector<std::string> segments;
    while (!path.empty()) {
        const std::size_t end = path.find('/');
        const std::string_view segment = path.substr(0, end);
        if (!segment.empty() && segment != ".")
            segments.emplace_back(segment);
        path = end == std::string_view::npos ? std::string_view() : path.substr(end + 1);
    }
    return segments;
}

// Row by row over the path, so that a pattern of many "**" can't take exponential time.
bool matchSegments(const std::vector<std::string> &pattern, const std::vector<std::string> &path)
{
    std::vector<bool> reached(pattern.size() + 1);
    reached[0] = true;
    const auto spread = [&] {
        for (std::size_t p = 0; p < pattern.size(); ++p)
            if (reached[p] && pattern[p] == "**")
                reached[p + 1] = true;
    };
    spread();
    for (const std::string &segment : path) {
        std::vector<bool> next(pattern.size() + 1);
        for (std::size_t p = 0; p < pattern.size(); ++p) {
            if (!reached[p])
                continue;
            if (pattern[p] == "**")
                next[p] = true;
            else if (fnmatch(pattern[p].c_str(), segment.c_str(), 0) == 0)
                next[p + 1] = true;
        }
        // A pattern that is used up matched a folder: what is in it belongs to it.
        next[pattern.size()] = next[pattern.size()] || reached[pattern.size()];
        reached = std::move(next);
        spread();
    }
    return reached[pattern.size()];
}

} // namespace

bool pathMatches(std::string_view pattern, std::string_view path)
{
    const std::vector<std::string> patternSegments = segmentsOf(pattern);
    for (const std::string &segment : patternSegments)
        if (segment == "..")
            return false;
    if (patternSegments.empty())
        return pattern.find('.') != std::string_view::npos;
    return matchSegments(patternSegments, segmentsOf(path));
}

} // namespace faultline::lab
