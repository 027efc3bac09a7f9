// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/lab/gitlab/ruby_glob.h"

#include <algorithm>

#include <fnmatch.h>

namespace faultline::lab {

namespace {

constexpr std::size_t mostAlternatives = 256;

std::vector<std::string> segmentsOf(std::string_view path)
{
    std::vector<std::string> segments;
    for (std::size_t at = 0; at <= path.size();) {
        const std::size_t end = std::min(path.find('/', at), path.size());
        segments.emplace_back(path.substr(at, end - at));
        at = end + 1;
    }
    return segments;
}

// "a{b,c{d,e}}" to "ab", "acd", "ace"; an open brace without its end is a plain letter.
void expandBraces(const std::string &pattern, std::vector<std::string> &out)
{
    const std::size_t open = pattern.find('{');
    int depth = 0;
    std::vector<std::size_t> cuts = { open };
    std::size_t close = std::string::npos;
    for (std::size_t i = open; i < pattern.size(); ++i) {
        depth += pattern[i] == '{' ? 1 : pattern[i] == '}' ? -1 : 0;
        if (pattern[i] == ',' && depth == 1)
            cuts.push_back(i);
        if (depth == 0) {
            close = i;
            break;
        }
    }
    if (open == std::string::npos || close == std::string::npos) {
        if (out.size() < mostAlternatives)
            out.push_back(pattern);
        return;
    }
    cuts.push_back(close);
    for (std::size_t i = 0; i + 1 < cuts.size() && out.size() < mostAlternatives; ++i)
        expandBraces(pattern.substr(0, open)
                + pattern.substr(cuts[i] + 1, cuts[i + 1] - cuts[i] - 1)
                + pattern.substr(close + 1),
            out);
}

// Row by row over the path, so that many "**" take no exponential time.
bool matchSegments(const std::vector<std::string> &pattern, const std::vector<std::string> &path)
{
    std::vector<bool> reached(pattern.size() + 1);
    reached[0] = true;
    const auto spansFolders
        = [&](std::size_t p) { return pattern[p] == "**" && p + 1 < pattern.size(); };
    const auto spread = [&] {
        for (std::size_t p = 0; p < pattern.size(); ++p)
            if (reached[p] && spansFolders(p))
                reached[p + 1] = true;
    };
    spread();
    for (const std::string &segment : path) {
        std::vector<bool> next(pattern.size() + 1);
        for (std::size_t p = 0; p < pattern.size(); ++p) {
            if (!reached[p])
                continue;
            if (spansFolders(p))
                next[p] = true;
            else if (fnmatch(pattern[p].c_str(), segment.c_str(), 0) == 0)
                next[p + 1] = true;
        }
        reached = std::move(next);
        spread();
    }
    return reached[pattern.size()];
}

} // namespace

RubyGlob::RubyGlob(std::string_view pattern)
{
    std::vector<std::string> patterns;
    expandBraces(std::string(pattern), patterns);
    for (const std::string &each : patterns)
        m_alternatives.push_back(segmentsOf(each));
}

bool RubyGlob::matches(std::string_view path) const
{
    const std::vector<std::string> segments = segmentsOf(path);
    return std::any_of(m_alternatives.begin(), m_alternatives.end(),
        [&](const auto &pattern) { return matchSegments(pattern, segments); });
}

} // namespace faultline::lab
