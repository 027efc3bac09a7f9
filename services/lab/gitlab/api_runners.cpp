// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/lab/gitlab/api_runners.h"

#include <algorithm>
#include <charconv>

#include "services/lab/gitlab/body_parameters.h"
#include "services/lab/gitlab/paging.h"
#include "services/lab/gitlab/random_token.h"
#include "services/lab/gitlab/runner_entities.h"

namespace faultline::lab {

namespace {

constexpr std::int64_t shortestTimeout = 600;

std::vector<std::string> tagList(const ApiCall &call)
{
    std::vector<std::string> tags;
    for (const std::string &entry : listParameter(call.parameters(), "tag_list")) {
        for (std::size_t at = 0; at <= entry.size();) {
            const std::size_t end = std::min(entry.find(',', at), entry.size());
            if (end > at)
                tags.push_back(entry.substr(at, end - at));
            at = end + 1;
        }
    }
    return tags;
}

LabRunner &runnerOf(const ApiCall &call)
{
    LabRunner *runner = call.context().runners.find(call.pathId("runner", "Runner"));
    if (!runner)
        throw ApiFailure::notFound("Runner");
    return *runner;
}

LabRunner &runnerOfToken(const ApiCall &call)
{
    LabRunner *runner = call.context().runners.byToken(call.required("token"));
    if (!runner)
        throw ApiFailure::message(403, "403 Forbidden");
    return *runner;
}

OrderedJson projectOfRunner(const ApiCall &call)
{
    OrderedJson out;
    const OrderedJson project = call.entities().project("main");
    for (const char *key : { "id", "description", "name", "name_with_namespace", "path",
             "path_with_namespace", "created_at" })
        out[key] = project.at(key);
    return out;
}

void replyDetails(const ApiCall &call, const LabRunner &runner)
{
    call.reply(
        200, runnerDetailsJson(runner, projectOfRunner(call), call.context().progress.now()));
}

bool isListed(const ApiCall &call, const LabRunner &runner, const std::vector<std::string> &tags)
{
    const Milliseconds now = call.context().progress.now();
    const std::string type = call.text("type");
    const std::string prefix = call.text("version_prefix");
    const auto paused = call.given("paused");
    std::string status = call.text("status");
    if (status.empty())
        status = call.text("scope"); // the older name
    if ((!type.empty() && type != runner.type)
        || (paused && flagParameter(call.parameters(), "paused") != runner.paused))
        return false;
    if (status == "active" || status == "paused") {
        if ((status == "paused") != runner.paused)
            return false;
    } else if (!status.empty() && status != "specific" && status != "shared"
        && status != runnerStatus(runner.contacted, now)) {
        return false;
    }
    if (!prefix.empty()
        && std::none_of(runner.managers.begin(), runner.managers.end(),
            [&](const RunnerManager &m) { return m.version.starts_with(prefix); }))
        return false;
    return std::all_of(tags.begin(), tags.end(), [&](const std::string &tag) {
        return std::find(runner.tags.begin(), runner.tags.end(), tag) != runner.tags.end();
    });
}

void listAnswer(const ApiCall &call)
{
    const std::vector<std::string> tags = tagList(call);
    const Page page = Page::of(call.request());
    OrderedJson body = OrderedJson::array();
    std::int64_t total = 0;
    for (const LabRunner &runner : call.context().runners.all()) {
        if (!isListed(call, runner, tags))
            continue;
        if (total >= page.slice().offset && total < page.slice().offset + page.size)
            body.push_back(runnerJson(runner, call.context().progress.now()));
        ++total;
    }
    Response response;
    response.body = jsonText(body);
    addPageHeaders(response, call.request(), page, page.number * page.size < total, total);
    call.reply(std::move(response));
}

void applyChanges(const ApiCall &call, LabRunner &runner)
{
    const auto &given = call.parameters();
    if (call.given("description"))
        runner.description = call.text("description");
    if (call.given("paused"))
        runner.paused = flagParameter(given, "paused");
    else if (call.given("active")) // the older name, the other way round
        runner.paused = !flagParameter(given, "active");
    if (given.contains("tag_list"))
        runner.tags = tagList(call);
    if (call.given("run_untagged"))
        runner.runUntagged = flagParameter(given, "run_untagged");
    if (call.given("locked"))
        runner.locked = flagParameter(given, "locked");
    if (const auto level = call.given("access_level")) {
        if (*level != "not_protected" && *level != "ref_protected")
            throw ApiFailure::parameter("access_level does not have a valid value");
        runner.accessLevel = *level;
    }
    if (const auto timeout = call.given("maximum_timeout"); timeout && !timeout->empty()) {
        std::int64_t seconds = 0;
        std::from_chars(timeout->data(), timeout->data() + timeout->size(), seconds);
        if (seconds < shortestTimeout)
            throw ApiFailure{
                400,
                { { "message", { { "maximum_timeout", { "needs to be at least 10 minutes" } } } } }
            };
        runner.maximumTimeout = seconds;
    }
    if (call.given("maintenance_note"))
        runner.note = call.text("maintenance_note");
    if (!runner.runUntagged && runner.tags.empty())
        throw ApiFailure{ 400,
            { { "message",
                { { "tags_list",
                    { "can not be empty when runner is not allowed to pick untagged "
                      "jobs" } } } } } };
}

OrderedJson registrationJson(const LabRunner &runner)
{
    return { { "id", runner.id }, { "token", runner.token }, { "token_expires_at", nullptr } };
}

void registerAnswer(const ApiCall &call, const std::string &prefix)
{
    LabRunner runner;
    runner.created = call.context().progress.now();
    runner.token = randomToken(prefix);
    applyChanges(call, runner);
    LabRunner &added = call.context().runners.add(std::move(runner));
    call.context().runners.save(added);
    call.reply(201, registrationJson(added));
}

// POST /runners with the project's registration token, as older `gitlab-runner register` does.
void registerWithToken(const ApiCall &call)
{
    if (!sameSecret(call.required("token"), call.context().runners.registrationToken()))
        throw ApiFailure::message(403, "403 Forbidden - invalid token supplied");
    registerAnswer(call, {});
}

void registerByUser(const ApiCall &call)
{
    const std::string type = call.required("runner_type");
    if (type != "project_type" && type != "instance_type" && type != "group_type")
        throw ApiFailure::parameter("runner_type does not have a valid value");
    if (type != "project_type")
        throw ApiFailure::message(403, "403 Forbidden - the lab has runners of its project only");
    registerAnswer(call, "glrt-");
}

void removeRunner(const ApiCall &call, const LabRunner &runner)
{
    if (runner.slot != 0)
        throw ApiFailure::message(
            403, "403 Forbidden - this runner belongs to the lab; pause it instead");
    call.context().runners.remove(runner.id);
    call.replyNothing();
}

void removeManager(const ApiCall &call)
{
    LabRunner &runner = runnerOfToken(call);
    const std::string system = call.required("system_id");
    if (std::erase_if(runner.managers, [&](const auto &m) { return m.systemId == system; }) == 0)
        throw ApiFailure::notFound("Runner manager");
    call.replyNothing();
}

void managersAnswer(const ApiCall &call)
{
    OrderedJson body = OrderedJson::array();
    const LabRunner &runner = runnerOf(call);
    for (const RunnerManager &manager : runner.managers)
        body.push_back(runnerManagerJson(runner, manager, call.context().progress.now()));
    call.reply(200, body);
}

void resetToken(const ApiCall &call, LabRunner &runner)
{
    if (runner.slot != 0)
        throw ApiFailure::message(403, "403 Forbidden - this runner belongs to the lab");
    runner.token = randomToken("glrt-");
    call.context().runners.save(runner);
    call.reply(201, { { "token", runner.token }, { "token_expires_at", nullptr } });
}

} // namespace

void addRunnerRoutes(ApiRoutes &routes, JobQueue &queue)
{
    using enum ApiRoutes::Need;
    routes.add("GET", "/runners", user, listAnswer);
    routes.add("GET", "/runners/all", user, listAnswer);
    routes.addToProject("GET", "/runners", listAnswer);
    routes.add("GET", "/runners/:runner", user,
        [](const ApiCall &call) { replyDetails(call, runnerOf(call)); });
    routes.add("PUT", "/runners/:runner", user, [&queue](const ApiCall &call) {
        LabRunner changed = runnerOf(call);
        applyChanges(call, changed);
        runnerOf(call) = changed;
        call.context().runners.save(changed);
        replyDetails(call, changed);
        queue.assign();
    });
    routes.add("DELETE", "/runners/:runner", user,
        [](const ApiCall &call) { removeRunner(call, runnerOf(call)); });
    routes.add("GET", "/runners/:runner/managers", user, managersAnswer);
    routes.add("POST", "/runners/:runner/reset_authentication_token", user,
        [](const ApiCall &call) { resetToken(call, runnerOf(call)); });
    routes.add("POST", "/user/runners", user, registerByUser);
    routes.add("POST", "/runners", nothing, registerWithToken);
    routes.add("POST", "/runners/verify", nothing, [](const ApiCall &call) {
        LabRunner &runner = runnerOfToken(call);
        call.context().runners.hear(runner, call.parameters(), call.context().progress.now());
        call.reply(200, registrationJson(runner));
    });
    routes.add("DELETE", "/runners", nothing,
        [](const ApiCall &call) { removeRunner(call, runnerOfToken(call)); });
    routes.add("DELETE", "/runners/managers", nothing, removeManager);
    routes.add("POST", "/runners/reset_authentication_token", nothing,
        [](const ApiCall &call) { resetToken(call, runnerOfToken(call)); });
}

} // namespace faultline::lab
