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
        const std::size_t end = std::min(text.find('&'), text.size());
        const std::string_view pair = text.substr(0, end);
        text.remove_prefix(std::min(end + 1, text.size()));
        if (pair.empty())
            continue;
        const std::size_t equals = std::min(pair.find('='), pair.size());
        auto key = percentDecoded(pair.substr(0, equals), true);
        auto value = percentDecoded(pair.substr(std::min(equals + 1, pair.size())), true);
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
        const std::size_t end = std::min(path.find('/'), path.size());
        auto segment = percentDecoded(path.substr(0, end));
        if (!segment || climbs(*segment))
            return std::nullopt;
        segments.push_back(std::move(*segment));
        path.remove_prefix(std::min(end + 1, path.size()));
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
    const std::size_t hash = std::min(target.find('#'), target.size());
    target = target.substr(0, hash);
    const std::size_t mark = std::min(target.find('?'), target.size());
    request.path = std::string(target.substr(0, mark));
    auto segments = pathSegments(target.substr(0, mark));
    auto query = parsedQuery(target.substr(std::min(mark + 1, target.size())));
    if (!segments || !query)
        return false;
    request.segments = std::move(*segments);
    request.query = std::move(*query);
    return true;
}

} // namespace faultline::lab
