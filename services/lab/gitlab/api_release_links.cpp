// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/lab/gitlab/api_release_links.h"

#include <algorithm>
#include <array>

#include "services/lab/gitlab/api_releases.h"
#include "services/lab/gitlab/body_parameters.h"
#include "services/lab/gitlab/paging.h"

namespace faultline::lab {

namespace {

constexpr const char *kind = "release";
constexpr std::array<std::string_view, 4> types = { "other", "runbook", "image", "package" };

OrderedJson linksOf(const OrderedJson &release)
{
    return release.value("links", OrderedJson(OrderedJson::array()));
}

OrderedJson *findLink(OrderedJson &links, std::int64_t id)
{
    const auto found = std::find_if(links.begin(), links.end(),
        [id](const OrderedJson &link) { return link.value("id", std::int64_t(0)) == id; });
    return found == links.end() ? nullptr : &*found;
}

OrderedJson &linkOf(const ApiCall &call, OrderedJson &links)
{
    OrderedJson *link = findLink(links, call.pathId("link", "Not Found"));
    if (!link)
        throw ApiFailure::message(404, "404 Not Found");
    return *link;
}

void requireUnique(const OrderedJson &links, const OrderedJson &changed)
{
    for (const char *field : { "name", "url" })
        for (const OrderedJson &other : links)
            if (other.at("id") != changed.at("id") && other.at(field) == changed.at(field))
                throw ApiFailure{ 400,
                    { { "message", { { field, { "has already been taken" } } } } } };
}

void save(const ApiCall &call, OrderedJson &release, OrderedJson links)
{
    release["links"] = std::move(links);
    call.context().documents.save(kind, release);
}

void listAnswer(const ApiCall &call)
{
    const OrderedJson links = linksOf(releaseOf(call));
    const Page page = Page::of(call.request());
    const auto total = static_cast<std::int64_t>(links.size());
    OrderedJson body = OrderedJson::array();
    // The newest first.
    for (std::int64_t i = page.slice().offset; i < std::min(total, page.slice().offset + page.size);
         ++i)
        body.push_back(links[static_cast<std::size_t>(total - 1 - i)]);
    Response response;
    response.body = jsonText(body);
    addPageHeaders(response, call.request(), page, page.number * page.size < total, total);
    call.reply(std::move(response));
}

void createAnswer(const ApiCall &call)
{
    OrderedJson release = releaseOf(call);
    OrderedJson links = linksOf(release);
    std::int64_t newest = release.value("newestLink", static_cast<std::int64_t>(links.size()));
    OrderedJson link = { { "id", ++newest } };
    (void)call.required("name");
    (void)call.required("url");
    applyToLink(call, call.segment("tag"), call.parameters(), link);
    requireUnique(links, link);
    links.push_back(link);
    release["newestLink"] = newest; // an id is never given twice
    save(call, release, std::move(links));
    call.reply(201, link);
}

void changeAnswer(const ApiCall &call)
{
    if (!call.given("name") && !call.given("url"))
        throw ApiFailure::parameter(
            "name, url are missing, at least one parameter must be provided");
    OrderedJson release = releaseOf(call);
    OrderedJson links = linksOf(release);
    OrderedJson &link = linkOf(call, links);
    applyToLink(call, call.segment("tag"), call.parameters(), link);
    requireUnique(links, link);
    const OrderedJson body = link;
    save(call, release, std::move(links));
    call.reply(200, body);
}

void removeAnswer(const ApiCall &call)
{
    OrderedJson release = releaseOf(call);
    const OrderedJson links = linksOf(release);
    OrderedJson all = links;
    const OrderedJson body = linkOf(call, all);
    OrderedJson kept = OrderedJson::array();
    for (const OrderedJson &link : links)
        if (link.at("id") != body.at("id"))
            kept.push_back(link);
    release["newestLink"] = release.value("newestLink", static_cast<std::int64_t>(links.size()));
    save(call, release, std::move(kept));
    call.reply(200, body);
}

} // namespace

void applyToLink(const ApiCall &call, const std::string &tag, const nlohmann::json &parameters,
    OrderedJson &link)
{
    for (const char *field : { "name", "url" })
        if (const std::string value = textParameter(parameters, field); !value.empty())
            link[field] = value;
    const std::string url = link.at("url").get<std::string>();
    if (!url.starts_with("http://") && !url.starts_with("https://") && !url.starts_with("ftp://"))
        throw ApiFailure{ 400,
            { { "message",
                { { "url", { "is blocked: Only allowed schemes are http, https, ftp" } } } } } };
    const std::string type = textParameter(parameters, "link_type");
    if (!type.empty() && std::find(types.begin(), types.end(), type) == types.end())
        throw ApiFailure::parameter("link_type does not have a valid value");
    if (!type.empty() || !link.contains("link_type"))
        link["link_type"] = type.empty() ? "other" : type;
    std::string path = textParameter(parameters, "direct_asset_path");
    if (path.empty())
        path = textParameter(parameters, "filepath"); // its older name
    if (!path.empty())
        link["direct_asset_url"]
            = call.entities().web() + "/-/releases/" + tag + "/downloads" + path;
    else if (!link.contains("direct_asset_url"))
        link["direct_asset_url"] = url;
}

void addReleaseLinkRoutes(ApiRoutes &routes)
{
    const std::string all = "/releases/:tag/assets/links";
    const std::string one = all + "/:link";
    routes.addToProject("GET", all, listAnswer);
    routes.addToProject("POST", all, createAnswer);
    routes.addToProject("GET", one, [](const ApiCall &call) {
        OrderedJson links = linksOf(releaseOf(call));
        call.reply(200, linkOf(call, links));
    });
    routes.addToProject("PUT", one, changeAnswer);
    routes.addToProject("DELETE", one, removeAnswer);
}

} // namespace faultline::lab
