// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/lab/rancher/collection_answer.h"

#include "services/lab/http/url_parts.h"

#include <algorithm>
#include <cstdlib>
#include <map>

namespace faultline::lab {

namespace {

constexpr std::int64_t defaultLimit = 100;
constexpr std::int64_t largestLimit = 3000;

std::string comparable(const Json &value)
{
    if (value.is_string())
        return value.get<std::string>();
    return value.is_null() ? std::string() : dumped(value);
}

/// SQL's LIKE: "%" is any text, "_" any character.
bool isLike(std::string_view text, std::string_view pattern)
{
    std::size_t t = 0;
    std::size_t p = 0;
    std::size_t star = std::string_view::npos;
    std::size_t mark = 0;
    while (t < text.size()) {
        if (p < pattern.size() && pattern[p] == '%') {
            star = p++;
            mark = t;
        } else if (p < pattern.size() && (pattern[p] == '_' || pattern[p] == text[t])) {
            ++p;
            ++t;
        } else if (star != std::string_view::npos) {
            p = star + 1;
            t = ++mark;
        } else {
            return false;
        }
    }
    while (p < pattern.size() && pattern[p] == '%')
        ++p;
    return p == pattern.size();
}

bool matches(const Json &item, const std::string &field, const std::string &modifier,
    const std::string &wanted)
{
    const Json value = item.contains(field) ? item[field] : Json();
    const std::string text = comparable(value);
    if (modifier == "null")
        return value.is_null();
    if (modifier == "notnull")
        return !value.is_null();
    if (modifier == "ne")
        return text != wanted;
    if (modifier == "prefix")
        return text.starts_with(wanted);
    if (modifier == "like")
        return isLike(text, wanted);
    if (modifier == "notlike")
        return !isLike(text, wanted);
    if (modifier == "lt" || modifier == "lte" || modifier == "gt" || modifier == "gte") {
        const double left = std::strtod(text.c_str(), nullptr);
        const double right = std::strtod(wanted.c_str(), nullptr);
        return modifier == "lt" ? left < right
            : modifier == "lte" ? left <= right
            : modifier == "gt"  ? left > right
                                : left >= right;
    }
    return text == wanted;
}

struct Filter
{
    std::string field;
    std::string modifier;
    std::string value;
};

std::vector<Filter> filtersOf(const Request &request, const std::vector<std::string> &fields)
{
    static const std::vector<std::string> modifiers{ "eq", "ne", "null", "notnull", "prefix",
        "like", "notlike", "lt", "lte", "gt", "gte" };
    std::vector<Filter> filters;
    for (const auto &[key, value] : request.query) {
        const std::size_t underscore = key.rfind('_');
        std::string field = key;
        std::string modifier = "eq";
        if (underscore != std::string::npos && underscore > 0) {
            const std::string tail = key.substr(underscore + 1);
            if (std::find(modifiers.begin(), modifiers.end(), tail) != modifiers.end()) {
                field = key.substr(0, underscore);
                modifier = tail;
            }
        }
        if (std::find(fields.begin(), fields.end(), field) != fields.end())
            filters.push_back({ field, modifier, value });
    }
    return filters;
}

void sortItems(std::vector<Json> &items, const std::string &field, bool descending)
{
    std::stable_sort(items.begin(), items.end(), [&](const Json &a, const Json &b) {
        const Json &left = a.contains(field) ? a[field] : a["id"];
        const Json &right = b.contains(field) ? b[field] : b["id"];
        return descending ? right < left : left < right;
    });
}

std::string linkTo(
    const Request &request, const std::vector<std::pair<std::string, std::string>> &changes)
{
    std::map<std::string, std::string> changed(changes.begin(), changes.end());
    std::string query;
    const auto append = [&query](const std::string &key, const std::string &value) {
        query.push_back(query.empty() ? '?' : '&');
        query.append(percentEncoded(key)).append("=").append(percentEncoded(value));
    };
    for (const auto &[key, value] : request.query) {
        if (changed.count(key) == 0)
            append(key, value);
    }
    for (const auto &[key, value] : changed)
        append(key, value);
    return request.origin + request.path + query;
}

} // namespace

Json collectionAnswer(const Request &request, const std::string &resourceType,
    const std::vector<std::string> &filters, std::vector<Json> items)
{
    for (const Filter &filter : filtersOf(request, filters)) {
        std::erase_if(items, [&filter](const Json &item) {
            return !matches(item, filter.field, filter.modifier, filter.value);
        });
    }
    const std::string sort(request.queryValue("sort"));
    const bool sorted = std::find(filters.begin(), filters.end(), sort) != filters.end();
    const bool descending = request.queryValue("order") == "desc";
    if (sorted)
        sortItems(items, sort, descending);
    std::int64_t limit = defaultLimit;
    if (request.hasQuery("limit"))
        limit = std::strtoll(std::string(request.queryValue("limit")).c_str(), nullptr, 10);
    limit = limit <= 0 ? largestLimit : std::min(limit, largestLimit);
    const std::string_view marker = request.queryValue("marker");
    const std::int64_t asked = marker.starts_with('m')
        ? std::strtoll(std::string(marker.substr(1)).c_str(), nullptr, 10)
        : 0;
    const auto total = static_cast<std::int64_t>(items.size());
    const std::int64_t begin = std::clamp<std::int64_t>(asked, 0, total);
    const std::int64_t end = std::min(begin + limit, total);
    const bool partial = end < total;

    Json data = Json::array();
    for (std::int64_t i = begin; i < end; ++i)
        data.push_back(std::move(items[static_cast<std::size_t>(i)]));
    Json sortLinks = Json::object();
    for (const std::string &field : filters)
        sortLinks[field] = linkTo(request, { { "sort", field } });
    const Json next
        = partial ? Json(linkTo(request, { { "marker", "m" + std::to_string(end) } })) : Json();
    return { { "type", "collection" }, { "resourceType", resourceType },
        { "links", { { "self", request.origin + request.path } } },
        { "createTypes", Json::object() }, { "actions", Json::object() },
        { "data", std::move(data) }, { "sortLinks", std::move(sortLinks) },
        { "pagination",
            { { "first", nullptr }, { "previous", nullptr }, { "next", next }, { "limit", limit },
                { "total", nullptr }, { "partial", partial } } },
        { "sort",
            sorted ? Json({ { "name", sort }, { "order", descending ? "desc" : "asc" },
                { "reverse", nullptr } })
                   : Json() },
        { "filters", Json::object() }, { "createDefaults", Json::object() } };
}

} // namespace faultline::lab
