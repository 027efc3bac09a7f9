// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/lab/gitlab/api_releases.h"

#include <algorithm>

#include "services/lab/gitlab/api_release_links.h"
#include "services/lab/gitlab/api_time.h"
#include "services/lab/gitlab/body_parameters.h"
#include "services/lab/gitlab/paging.h"

namespace faultline::lab {

namespace {

constexpr const char *kind = "release";

OrderedJson releaseJson(const ApiCall &call, const OrderedJson &d)
{
    const Entities entities = call.entities();
    const std::string tag = d.at("tag").get<std::string>();
    const auto commit = call.context().store.commit(d.at("sha").get<std::string>());
    const std::string web = entities.web() + "/-/releases/" + tag;
    const auto released = d.at("released").get<Milliseconds>();
    OrderedJson links = d.value("links", OrderedJson(OrderedJson::array()));
    OrderedJson sources = OrderedJson::array();
    return { { "name", d.at("name") }, { "tag_name", tag }, { "description", d.at("description") },
        { "created_at", timeText(d.at("created").get<Milliseconds>()) },
        { "released_at", timeText(released) },
        { "upcoming_release", released > call.context().progress.now() },
        { "author", entities.userBasic() },
        { "commit", commit ? entities.commit(*commit) : OrderedJson(nullptr) },
        { "milestones", OrderedJson::array() },
        { "commit_path",
            "/" + call.context().options.projectPath + "/-/commit/"
                + d.at("sha").get<std::string>() },
        { "tag_path", "/" + call.context().options.projectPath + "/-/tags/" + tag },
        { "assets", { { "count", links.size() }, { "sources", sources }, { "links", links } } },
        { "evidences", OrderedJson::array() },
        { "_links", { { "self", web }, { "edit_url", web + "/edit" } } } };
}

std::optional<OrderedJson> findRelease(const ApiCall &call, const std::string &tag)
{
    for (OrderedJson &release : call.context().documents.all(kind))
        if (release.value("tag", "") == tag)
            return std::move(release);
    return std::nullopt;
}

OrderedJson linksOf(const ApiCall &call, const std::string &tag)
{
    const nlohmann::json &parameters = call.parameters();
    OrderedJson links = OrderedJson::array();
    const auto assets = parameters.find("assets");
    if (assets == parameters.end() || !assets->is_object() || !assets->contains("links")
        || !assets->at("links").is_array())
        return links;
    for (const auto &link : assets->at("links")) {
        const std::string url = link.is_object() ? textParameter(link, "url") : std::string();
        if (url.empty() || textParameter(link, "name").empty())
            throw ApiFailure::parameter("assets[links][0][name] is missing");
        OrderedJson stored = { { "id", links.size() + 1 } };
        applyToLink(call, tag, link, stored);
        links.push_back(std::move(stored));
    }
    return links;
}

Milliseconds releasedAt(const ApiCall &call, Milliseconds otherwise)
{
    const std::string text = call.text("released_at");
    const auto time = text.empty() ? std::optional(otherwise) : parseTime(text);
    if (!time)
        throw ApiFailure::parameter("released_at is invalid");
    return *time;
}

void store(const ApiCall &call, const CommitRecord &commit)
{
    const std::string tag = call.required("tag_name");
    if (findRelease(call, tag))
        throw ApiFailure::message(409, "Release already exists");
    const Milliseconds now = call.context().progress.now();
    OrderedJson release = { { "id", 0 }, { "tag", tag },
        { "name", call.text("name").empty() ? tag : call.text("name") },
        { "description", call.text("description") }, { "sha", commit.sha }, { "created", now },
        { "released", releasedAt(call, now) }, { "links", linksOf(call, tag) } };
    call.context().store.saveCommit(commit);
    call.context().documents.add(kind, release);
    call.reply(201, releaseJson(call, release));
}

void createAnswer(const ApiCall &call)
{
    const std::string tag = call.required("tag_name");
    if (findRelease(call, tag))
        throw ApiFailure::message(409, "Release already exists");
    call.inWorker([call, tag, repository = call.context().repository]() -> std::function<void()> {
        auto ref = repository.resolve("refs/tags/" + tag);
        if (!ref) {
            const std::string from = call.text("ref");
            const auto sha = from.empty() ? std::nullopt : repository.commitOf(from);
            if (!sha)
                throw ApiFailure::message(
                    422, from.empty() ? "Ref is not specified" : "Target " + from + " is invalid");
            if (const auto made = repository.createTag(tag, *sha, call.text("tag_message")); !made)
                throw ApiFailure::message(422, made.error());
            ref = Ref{ tag, true, *sha };
        }
        const auto commit = repository.commit(ref->sha);
        if (!commit)
            throw ApiFailure::message(422, commit.error());
        return [call, commit = *commit] { store(call, commit); };
    });
}

void listAnswer(const ApiCall &call)
{
    std::vector<OrderedJson> all = call.context().documents.all(kind);
    const char *orderBy = call.text("order_by") == "created_at" ? "created" : "released";
    const bool ascending = call.text("sort") == "asc";
    std::stable_sort(all.begin(), all.end(), [&](const OrderedJson &a, const OrderedJson &b) {
        const auto left = a.at(orderBy).get<Milliseconds>();
        const auto right = b.at(orderBy).get<Milliseconds>();
        return ascending ? left < right : left > right;
    });
    const Page page = Page::of(call.request());
    const auto total = static_cast<std::int64_t>(all.size());
    OrderedJson body = OrderedJson::array();
    for (std::int64_t i = page.slice().offset; i < std::min(total, page.slice().offset + page.size);
         ++i)
        body.push_back(releaseJson(call, all[static_cast<std::size_t>(i)]));
    Response response;
    response.body = jsonText(body);
    addPageHeaders(response, call.request(), page, page.number * page.size < total, total);
    call.reply(std::move(response));
}

void changeAnswer(const ApiCall &call)
{
    OrderedJson release = releaseOf(call);
    if (call.given("name"))
        release["name"] = call.text("name");
    if (call.given("description"))
        release["description"] = call.text("description");
    release["released"] = releasedAt(call, release.at("released").get<Milliseconds>());
    call.context().documents.save(kind, release);
    call.reply(200, releaseJson(call, release));
}

} // namespace

OrderedJson releaseOf(const ApiCall &call)
{
    auto found = findRelease(call, call.segment("tag"));
    if (!found)
        throw ApiFailure::message(404, "404 Not Found");
    return std::move(*found);
}

void addReleaseRoutes(ApiRoutes &routes)
{
    const auto one
        = [](const ApiCall &call) { call.reply(200, releaseJson(call, releaseOf(call))); };
    const auto remove = [](const ApiCall &call) {
        const OrderedJson release = releaseOf(call);
        const OrderedJson body = releaseJson(call, release);
        call.context().documents.remove(kind, release.at("id").get<std::int64_t>());
        call.reply(200, body);
    };
    // A job's token is enough: a release is what a pipeline makes.
    constexpr auto need = ApiRoutes::Need::userOrJob;
    routes.addToProject("GET", "/releases", listAnswer, need);
    routes.addToProject("POST", "/releases", createAnswer, need);
    routes.addToProject("GET", "/releases/:tag", one, need);
    routes.addToProject("PUT", "/releases/:tag", changeAnswer, need);
    routes.addToProject("DELETE", "/releases/:tag", remove, need);
}

} // namespace faultline::lab
