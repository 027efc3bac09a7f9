// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/lab/gitlab/api_resource_groups.h"

#include <algorithm>
#include <array>

#include "services/lab/gitlab/api_time.h"
#include "services/lab/gitlab/job_bodies.h"

namespace faultline::lab {

namespace {

constexpr const char *kind = "resource_group";
constexpr std::array<std::string_view, 4> modes
    = { "unordered", "oldest_first", "newest_first", "newest_ready_first" };

OrderedJson groupJson(const OrderedJson &group)
{
    return { { "id", group.at("id") }, { "key", group.at("key") },
        { "process_mode", group.at("mode") },
        { "created_at", timeText(group.at("created").get<Milliseconds>()) },
        { "updated_at", timeText(group.at("updated").get<Milliseconds>()) } };
}

std::optional<OrderedJson> findGroup(DocumentStore &documents, const std::string &key)
{
    for (OrderedJson &group : documents.all(kind))
        if (group.value("key", "") == key)
            return std::move(group);
    return std::nullopt;
}

/// A group exists as soon as a job has named it.
OrderedJson groupOf(const ApiCall &call)
{
    GitLabContext &context = call.context();
    const std::string key = call.segment("key");
    if (auto found = findGroup(context.documents, key))
        return std::move(*found);
    const std::vector<std::string> keys = context.store.resourceGroups();
    if (std::find(keys.begin(), keys.end(), key) == keys.end())
        throw ApiFailure::notFound("Resource Group");
    const Milliseconds now = context.progress.now();
    OrderedJson group = { { "id", 0 }, { "key", key }, { "mode", modes[0] }, { "created", now },
        { "updated", now } };
    context.documents.add(kind, group);
    return group;
}

void changeAnswer(const ApiCall &call)
{
    OrderedJson group = groupOf(call);
    const std::string mode = call.text("process_mode");
    if (!mode.empty() && std::find(modes.begin(), modes.end(), mode) == modes.end())
        throw ApiFailure::parameter("process_mode does not have a valid value");
    if (!mode.empty()) {
        group["mode"] = mode;
        group["updated"] = call.context().progress.now();
        call.context().documents.save(kind, group);
        call.context().progress.assignResources(); // another one may be next now
    }
    call.reply(200, groupJson(group));
}

void listAnswer(const ApiCall &call)
{
    OrderedJson body = OrderedJson::array();
    for (const std::string &key : call.context().store.resourceGroups())
        if (!findGroup(call.context().documents, key)) {
            const Milliseconds now = call.context().progress.now();
            OrderedJson group = { { "id", 0 }, { "key", key }, { "mode", modes[0] },
                { "created", now }, { "updated", now } };
            call.context().documents.add(kind, group);
        }
    for (const OrderedJson &group : call.context().documents.all(kind))
        body.push_back(groupJson(group));
    call.reply(200, body);
}

} // namespace

std::string processModeOf(DocumentStore &documents, const std::string &key)
{
    const auto group = findGroup(documents, key);
    return group ? group->value("mode", std::string(modes[0])) : std::string(modes[0]);
}

void addResourceGroupRoutes(ApiRoutes &routes)
{
    routes.addToProject("GET", "/resource_groups", listAnswer);
    routes.addToProject("GET", "/resource_groups/:key",
        [](const ApiCall &call) { call.reply(200, groupJson(groupOf(call))); });
    routes.addToProject("PUT", "/resource_groups/:key", changeAnswer);
    routes.addToProject("GET", "/resource_groups/:key/upcoming_jobs", [](const ApiCall &call) {
        const std::string key = groupOf(call).at("key").get<std::string>();
        Response response;
        response.body = JobBodies(call.context())
                            .list(call.context().progress.upcomingJobs(key), call.entities());
        call.reply(std::move(response));
    });
}

} // namespace faultline::lab
