// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/lab/http/url_parts.h"

#include <algorithm>
#include <cctype>

namespace faultline::lab {

namespace {

int hexValue(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

bool climbs(std::string_view segment)
{
    std::size_t begin = 0;
    while (begin <= segment.size()) {
        const std::size_t end = std::min(segment.find_first_of("/\\", begin), segment.size());
        const std::string_view part = segment.substr(begin, end - begin);
        if (part == "..")
            return true;
        begin = end + 1;
    }
    return segment == "." || segment.find('\0') != std::string_view::npos;
}

/// What is before the first `mark`, and what is behind it; all and nothing when there is none.
std::pair<std::string_view, std::string_view> cutAt(std::string_view text, char mark)
{
    const std::size_t at = text.find(mark);
    if (at == std::string_view::npos)
        return { text, {} };
    return { text.substr(0, at), text.substr(at + 1) };
}

} // namespace

std::optional<std::string> percentDecoded(std::string_view text, bool plusIsSpace)
{
    std::string decoded;
    decoded.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (c != '%') {
            decoded.push_back(plusIsSpace && c == '+' ? ' ' : c);
            continue;
        }
        if (i + 2 >= text.size())
            return std::nullopt;
        const int high = hexValue(text[i + 1]);
        const int low = hexValue(text[i + 2]);
        if (high < 0 || low < 0)
            return std::nullopt;
        decoded.push_back(static_cast<char>(high * 16 + low));
        i += 2;
    }
    return decoded;
}

std::string percentEncoded(std::string_view text)
{
    static constexpr char digits[] = "0123456789ABCDEF";
    std::string encoded;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (std::isalnum(byte) != 0 || c == '-' || c == '.' || c == '_' || c == '~') {
            encoded.push_back(c);
        } else {
            encoded.push_back('%');
            encoded.push_back(digits[byte >> 4U]);
            encoded.push_back(digits[byte & 15U]);
        }
    }
    return encoded;
}

std::optional<std::vector<std::pair<std::string, std::string>>> parsedQuery(std::string_view text)
{
    std::vector<std::pair<std::string, std::string>> query;
    while (!text.empty()) {
        const auto [pair, rest] = cutAt(text, '&');
        text = rest;
        if (pair.empty())
            continue;
        const auto [name, content] = cutAt(pair, '=');
        auto key = percentDecoded(name, true);
        auto value = percentDecoded(content, true);
        if (!key || !value)
            return std::nullopt;
        query.emplace_back(std::move(*key), std::move(*value));
    }
    return query;
}

std::optional<std::vector<std::string>> pathSegments(std::string_view path)
{
    std::vector<std::string> segments;
    if (!path.empty() && path.front() == '/')
        path.remove_prefix(1);
    while (!path.empty()) {
        const auto [first, rest] = cutAt(path, '/');
        auto segment = percentDecoded(first);
        if (!segment || climbs(*segment))
            return std::nullopt;
        segments.push_back(std::move(*segment));
        path = rest;
    }
    return segments;
}

bool fillTarget(Request &request, std::string_view target)
{
    if (target.starts_with("http://") || target.starts_with("https://")) {
        const std::size_t slash = target.find('/', target.find("//") + 2);
        target = slash == std::string_view::npos ? std::string_view("/") : target.substr(slash);
    }
    if (target.empty() || (target.front() != '/' && target != "*"))
        return false;
    const auto [path, parameters] = cutAt(cutAt(target, '#').first, '?');
    request.path = std::string(path);
    auto segments = pathSegments(path);
    auto query = parsedQuery(parameters);
    if (!segments || !query)
        return false;
    request.segments = std::move(*segments);
    request.query = std::move(*query);
    return true;
}

} // namespace faultline::lab
