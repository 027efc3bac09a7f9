// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/lab/gitlab/api_schedules.h"

#include <algorithm>
#include <cstdio>
#include <utility>

#include "services/lab/gitlab/body_parameters.h"
#include "services/lab/gitlab/cron_schedule.h"
#include "services/lab/gitlab/paging.h"
#include "services/lab/gitlab/schedule_entities.h"

namespace faultline::lab {

namespace {

constexpr const char *kind = "schedule";
constexpr Milliseconds minute = 60'000;
constexpr std::size_t mostInputs = 20;

OrderedJson scheduleOf(const ApiCall &call)
{
    return call.document(kind, "schedule");
}

OrderedJson fieldError(const char *field, const char *text)
{
    return { { "message", { { field, { text } } } } };
}

OrderedJson *findVariable(OrderedJson &schedule, const std::string &key)
{
    for (OrderedJson &variable : schedule["variables"])
        if (variable.value("key", "") == key)
            return &variable;
    return nullptr;
}

std::string variableType(const ApiCall &call, const std::string &otherwise)
{
    const std::string type = call.text("variable_type");
    if (!type.empty() && type != "env_var" && type != "file")
        throw ApiFailure::parameter("variable_type does not have a valid value");
    return type.empty() ? otherwise : type;
}

// [{name, value}]; an item with `destroy` takes the input away.
void applyInputs(const ApiCall &call, OrderedJson &schedule)
{
    const auto given = call.parameters().find("inputs");
    if (given == call.parameters().end() || !given->is_array())
        return;
    OrderedJson inputs = schedule.value("inputs", OrderedJson(OrderedJson::array()));
    for (const auto &item : *given) {
        if (!item.is_object() || textParameter(item, "name").empty())
            throw ApiFailure::parameter("inputs[name] is missing");
        const std::string name = textParameter(item, "name");
        OrderedJson kept = OrderedJson::array();
        for (const OrderedJson &old : inputs)
            if (old.value("name", "") != name)
                kept.push_back(old);
        if (!flagParameter(item, "destroy"))
            kept.push_back({ { "name", name },
                { "value", OrderedJson(item.value("value", nlohmann::json())) } });
        inputs = std::move(kept);
    }
    if (inputs.size() > mostInputs)
        throw ApiFailure{ 400, fieldError("inputs", "exceed the limit of 20.") };
    schedule["inputs"] = std::move(inputs);
}

} // namespace

ApiSchedules::ApiSchedules(GitLabContext &context, PipelineStarter &starter)
    : m_context(context)
    , m_starter(starter)
{
}

void ApiSchedules::addRoutes(ApiRoutes &routes)
{
    const std::string all = "/pipeline_schedules";
    const std::string one = all + "/:schedule";
    routes.addToProject("GET", all, [this](const ApiCall &call) { list(call); });
    routes.addToProject("POST", all, [this](const ApiCall &call) { create(call); });
    routes.addToProject(
        "GET", one, [this](const ApiCall &call) { replyOne(call, 200, scheduleOf(call)); });
    routes.addToProject("PUT", one, [this](const ApiCall &call) { change(call); });
    routes.addToProject("DELETE", one, [this](const ApiCall &call) {
        m_context.documents.remove(kind, scheduleOf(call).at("id").get<std::int64_t>());
        call.replyNothing();
    });
    routes.addToProject("POST", one + "/play", [this](const ApiCall &call) { play(call); });
    // The lab has one user, who owns all: as GitLab answers the current owner (its
    // lib/api/ci/pipeline_schedules.rb; 201 is for a new one).
    routes.addToProject("POST", one + "/take_ownership",
        [this](const ApiCall &call) { replyOne(call, 200, scheduleOf(call)); });
    routes.addToProject(
        "POST", one + "/variables", [this](const ApiCall &call) { addVariable(call); });
    routes.addToProject(
        "PUT", one + "/variables/:key", [this](const ApiCall &call) { changeVariable(call); });
    routes.addToProject(
        "DELETE", one + "/variables/:key", [this](const ApiCall &call) { removeVariable(call); });
}

void ApiSchedules::list(const ApiCall &call)
{
    const std::string scope = call.text("scope");
    if (!scope.empty() && scope != "active" && scope != "inactive")
        throw ApiFailure::parameter("scope does not have a valid value");
    const Page page = Page::of(call.request());
    OrderedJson body = OrderedJson::array();
    std::int64_t total = 0;
    for (const OrderedJson &schedule : m_context.documents.all(kind)) {
        if (!scope.empty() && schedule.at("active").get<bool>() != (scope == "active"))
            continue;
        if (total >= page.slice().offset && total < page.slice().offset + page.size)
            body.push_back(scheduleJson(schedule, call.entities()));
        ++total;
    }
    Response response;
    response.body = jsonText(body);
    addPageHeaders(response, call.request(), page, page.number * page.size < total, total);
    call.reply(std::move(response));
}

void ApiSchedules::apply(const ApiCall &call, OrderedJson &schedule) const
{
    if (call.given("description"))
        schedule["description"] = call.text("description");
    if (call.given("ref"))
        schedule["ref"] = call.text("ref");
    if (call.given("cron"))
        schedule["cron"] = call.text("cron");
    if (call.given("cron_timezone"))
        schedule["zone"] = call.text("cron_timezone");
    if (call.given("active"))
        schedule["active"] = flagParameter(call.parameters(), "active");
    applyInputs(call, schedule);
    if (!CronSchedule::parse(schedule.at("cron").get<std::string>()))
        throw ApiFailure{ 400, fieldError("cron", "syntax is invalid") };
    if (!TimeZone::load(schedule.at("zone").get<std::string>()))
        throw ApiFailure{ 400, fieldError("cron_timezone", "syntax is invalid") };
    schedule["updated"] = m_context.progress.now();
    setNext(schedule);
}

void ApiSchedules::setNext(OrderedJson &schedule) const
{
    const auto cron = CronSchedule::parse(schedule.at("cron").get<std::string>());
    const auto zone = TimeZone::load(schedule.at("zone").get<std::string>());
    const auto next
        = cron && zone ? cron->nextAfter(m_context.progress.now() / 1000, *zone) : std::nullopt;
    schedule["next"] = next.value_or(0) * 1000;
}

void ApiSchedules::create(const ApiCall &call)
{
    OrderedJson schedule = { { "id", 0 }, { "description", call.required("description") },
        { "ref", call.required("ref") }, { "cron", call.required("cron") }, { "zone", "UTC" },
        { "active", true }, { "created", m_context.progress.now() },
        { "variables", OrderedJson::array() }, { "inputs", OrderedJson::array() } };
    apply(call, schedule);
    m_context.documents.add(kind, schedule);
    replyOne(call, 201, schedule);
}

void ApiSchedules::change(const ApiCall &call)
{
    OrderedJson schedule = scheduleOf(call);
    apply(call, schedule);
    m_context.documents.save(kind, schedule);
    replyOne(call, 200, schedule);
}

// Says nothing of the pipeline: GitLab starts it later, too.
void ApiSchedules::play(const ApiCall &call)
{
    OrderedJson schedule = scheduleOf(call);
    const Milliseconds now = m_context.progress.now();
    if (now - schedule.value("played", Milliseconds(0)) < minute)
        throw ApiFailure{ 429,
            { { "message",
                { { "error",
                    "This endpoint has been requested too many times. Try again later." } } } } };
    schedule["played"] = now;
    m_context.documents.save(kind, schedule);
    run(schedule);
    call.reply(201, { { "message", "201 Created" } });
}

void ApiSchedules::addVariable(const ApiCall &call)
{
    OrderedJson schedule = scheduleOf(call);
    const std::string key = call.required("key");
    if (findVariable(schedule, key))
        throw ApiFailure{ 400, fieldError("key", "has already been taken") };
    const OrderedJson variable = { { "variable_type", variableType(call, "env_var") },
        { "key", key }, { "value", call.text("value") }, { "raw", false } };
    schedule["variables"].push_back(variable);
    m_context.documents.save(kind, schedule);
    call.reply(201, variable);
}

void ApiSchedules::changeVariable(const ApiCall &call)
{
    OrderedJson schedule = scheduleOf(call);
    OrderedJson *variable = findVariable(schedule, call.segment("key"));
    if (!variable)
        throw ApiFailure::notFound("Pipeline Schedule Variable");
    if (call.given("value"))
        (*variable)["value"] = call.text("value");
    (*variable)["variable_type"]
        = variableType(call, variable->at("variable_type").get<std::string>());
    const OrderedJson body = *variable;
    m_context.documents.save(kind, schedule);
    call.reply(200, body);
}

void ApiSchedules::removeVariable(const ApiCall &call)
{
    OrderedJson schedule = scheduleOf(call);
    const OrderedJson *variable = findVariable(schedule, call.segment("key"));
    if (!variable)
        throw ApiFailure::notFound("Pipeline Schedule Variable");
    const OrderedJson body = *variable;
    OrderedJson kept = OrderedJson::array();
    for (const OrderedJson &each : schedule["variables"])
        if (each != body)
            kept.push_back(each);
    schedule["variables"] = std::move(kept);
    m_context.documents.save(kind, schedule);
    call.reply(202, body);
}

void ApiSchedules::replyOne(const ApiCall &call, int status, const OrderedJson &schedule) const
{
    PipelineFilter filter;
    filter.schedule = schedule.at("id").get<std::int64_t>();
    const auto last = m_context.store.pipelines(filter, { 0, 1 });
    call.reply(status,
        scheduleDetailsJson(
            schedule, call.entities(), last.empty() ? std::nullopt : std::optional(last.front())));
}

void ApiSchedules::run(const OrderedJson &schedule)
{
    PipelineRequest request;
    request.source = "schedule";
    request.ref = schedule.at("ref").get<std::string>();
    request.schedule = schedule.at("id").get<std::int64_t>();
    request.keepBroken = true;
    for (const OrderedJson &variable : schedule.at("variables")) {
        request.variables.emplace_back(variable.value("key", ""), variable.value("value", ""));
        if (variable.value("variable_type", "") == "file")
            request.fileVariables.insert(request.variables.back().first);
    }
    for (const OrderedJson &input : schedule.at("inputs"))
        request.inputs[input.value("name", "")]
            = nlohmann::json::parse(input.at("value").dump(), nullptr, false);
    m_starter.start(
        std::move(request), [](const tl::expected<PipelineRecord, std::string> &pipeline) {
            if (!pipeline)
                std::fprintf(stderr, "faultline-lab: a schedule started no pipeline: %s\n",
                    pipeline.error().c_str());
        });
}

void ApiSchedules::tick()
{
    const Milliseconds now = m_context.progress.now();
    for (OrderedJson &schedule : m_context.documents.all(kind)) {
        const Milliseconds next = schedule.value("next", Milliseconds(0));
        if (next == 0 || next > now)
            continue;
        setNext(schedule);
        m_context.documents.save(kind, schedule);
        if (schedule.at("active").get<bool>())
            run(schedule);
    }
}

void ApiSchedules::skipMissed()
{
    for (OrderedJson &schedule : m_context.documents.all(kind)) {
        setNext(schedule);
        m_context.documents.save(kind, schedule);
    }
}

} // namespace faultline::lab
