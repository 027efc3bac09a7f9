// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/lab/gitlab/paging.h"

#include <algorithm>
#include <charconv>
#include <utility>
#include <vector>

#include "services/lab/http/url_parts.h"

namespace faultline::lab {

namespace {

constexpr std::int64_t mostCounted = 10'000;
constexpr std::int64_t largestPage = 100;
constexpr std::int64_t lastPage = 1'000'000'000;

std::int64_t numberOf(std::string_view text, std::int64_t otherwise)
{
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    return error == std::errc() && end == text.data() + text.size() && value > 0 ? value
                                                                                 : otherwise;
}

// The request's own address with some query values replaced. Tokens are not repeated.
std::string linkTo(
    const Request &request, const std::vector<std::pair<std::string, std::string>> &replaced)
{
    std::string link = request.origin + request.path;
    char separator = '?';
    const auto add = [&](const std::string &key, const std::string &value) {
        link += separator + percentEncoded(key) + "=" + percentEncoded(value);
        separator = '&';
    };
    for (const auto &[key, value] : request.query) {
        const bool isReplaced = std::any_of(replaced.begin(), replaced.end(),
            [&key = key](const auto &entry) { return entry.first == key; });
        if (!isReplaced && key != "private_token" && key != "access_token" && key != "job_token"
            && key != "token")
            add(key, value);
    }
    for (const auto &[key, value] : replaced)
        add(key, value);
    return link;
}

} // namespace

Page Page::of(const Request &request)
{
    Page page;
    page.number = std::min(numberOf(request.queryValue("page"), 1), lastPage);
    page.size = std::min(numberOf(request.queryValue("per_page"), 20), largestPage);
    return page;
}

void addPageHeaders(Response &response, const Request &request, Page page, bool hasNext,
    std::optional<std::int64_t> total)
{
    const bool counted = total && *total <= mostCounted;
    const std::int64_t pages
        = counted ? std::max<std::int64_t>(1, (*total + page.size - 1) / page.size) : 0;
    std::string links;
    const auto link = [&](const char *relation, std::int64_t number) {
        links += (links.empty() ? "<" : ", <")
            + linkTo(request,
                { { "page", std::to_string(number) }, { "per_page", std::to_string(page.size) } })
            + ">; rel=\"" + relation + "\"";
    };
    if (page.number > 1)
        link("prev", page.number - 1);
    if (hasNext)
        link("next", page.number + 1);
    link("first", 1);
    if (counted)
        link("last", pages);
    response.headers.emplace_back("Link", links);
    response.headers.emplace_back("X-Next-Page", hasNext ? std::to_string(page.number + 1) : "");
    response.headers.emplace_back("X-Page", std::to_string(page.number));
    response.headers.emplace_back("X-Per-Page", std::to_string(page.size));
    response.headers.emplace_back(
        "X-Prev-Page", page.number > 1 ? std::to_string(page.number - 1) : "");
    if (counted) {
        response.headers.emplace_back("X-Total", std::to_string(*total));
        response.headers.emplace_back("X-Total-Pages", std::to_string(pages));
    }
}

void addKeysetHeader(
    Response &response, const Request &request, const std::string &cursorKey, std::int64_t cursor)
{
    response.headers.emplace_back("Link",
        "<" + linkTo(request, { { cursorKey, std::to_string(cursor) } }) + ">; rel=\"next\"");
}

} // namespace faultline::lab
