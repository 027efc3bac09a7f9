// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/lab/gitlab/api_triggers.h"

#include "services/lab/gitlab/api_time.h"
#include "services/lab/gitlab/paging.h"
#include "services/lab/gitlab/random_token.h"

namespace faultline::lab {

namespace {

constexpr const char *kind = "trigger";
constexpr const char *ownDescription = "faultline-lab";

OrderedJson triggerJson(const OrderedJson &d, const Entities &entities)
{
    const auto time = [&d](const char *key) {
        const Milliseconds value = d.value(key, Milliseconds(0));
        return value == 0 ? OrderedJson(nullptr) : OrderedJson(timeText(value));
    };
    return { { "id", d.at("id") }, { "token", d.at("token") },
        { "description", d.at("description") }, { "created_at", time("created") },
        { "updated_at", time("updated") }, { "last_used", time("used") },
        { "expires_at", time("expires") }, { "owner", entities.userBasic() } };
}

// The lab's own is no document: its secret stays in its file.
OrderedJson ownTrigger(const ApiCall &call)
{
    return { { "id", 0 }, { "token", call.context().options.secrets.triggerToken },
        { "description", ownDescription }, { "created", 1 }, { "updated", 1 } };
}

OrderedJson triggerOf(const ApiCall &call)
{
    return call.segment("trigger") == "0" ? ownTrigger(call) : call.document(kind, "trigger");
}

OrderedJson changeableTrigger(const ApiCall &call)
{
    if (call.segment("trigger") == "0")
        throw ApiFailure::message(403, "403 Forbidden - this trigger belongs to the lab");
    return call.document(kind, "trigger");
}

void listAnswer(const ApiCall &call)
{
    std::vector<OrderedJson> all = { ownTrigger(call) };
    for (OrderedJson &trigger : call.context().documents.all(kind))
        all.push_back(std::move(trigger));
    const Page page = Page::of(call.request());
    const auto total = static_cast<std::int64_t>(all.size());
    OrderedJson body = OrderedJson::array();
    for (std::int64_t i = page.slice().offset; i < std::min(total, page.slice().offset + page.size);
         ++i)
        body.push_back(triggerJson(all[static_cast<std::size_t>(i)], call.entities()));
    Response response;
    response.body = jsonText(body);
    addPageHeaders(response, call.request(), page, page.number * page.size < total, total);
    call.reply(std::move(response));
}

void createAnswer(const ApiCall &call)
{
    const Milliseconds now = call.context().progress.now();
    OrderedJson trigger = { { "id", 0 }, { "token", randomToken("glptt-") },
        { "description", call.required("description") }, { "created", now }, { "updated", now } };
    if (const std::string expires = call.text("expires_at"); !expires.empty()) {
        const auto time = parseTime(expires);
        if (!time)
            throw ApiFailure::parameter("expires_at is invalid");
        trigger["expires"] = *time;
    }
    call.context().documents.add(kind, trigger);
    call.reply(201, triggerJson(trigger, call.entities()));
}

void changeAnswer(const ApiCall &call)
{
    OrderedJson trigger = changeableTrigger(call);
    if (call.given("description"))
        trigger["description"] = call.text("description");
    trigger["updated"] = call.context().progress.now();
    call.context().documents.save(kind, trigger);
    call.reply(200, triggerJson(trigger, call.entities()));
}

} // namespace

void addTriggerRoutes(ApiRoutes &routes)
{
    routes.addToProject("GET", "/triggers", listAnswer);
    routes.addToProject("POST", "/triggers", createAnswer);
    routes.addToProject("GET", "/triggers/:trigger", [](const ApiCall &call) {
        call.reply(200, triggerJson(triggerOf(call), call.entities()));
    });
    routes.addToProject("PUT", "/triggers/:trigger", changeAnswer);
    routes.addToProject("DELETE", "/triggers/:trigger", [](const ApiCall &call) {
        call.context().documents.remove(kind, changeableTrigger(call).at("id").get<std::int64_t>());
        call.replyNothing();
    });
}

} // namespace faultline::lab
