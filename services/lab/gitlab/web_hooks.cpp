// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/lab/gitlab/web_hooks.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "services/lab/gitlab/body_parameters.h"
#include "services/lab/gitlab/hook_events.h"
#include "services/lab/gitlab/paging.h"
#include "services/lab/gitlab/random_token.h"
#include "services/lab/runner/http_client.h"

namespace faultline::lab {

namespace {

constexpr const char *kind = "hook";
constexpr std::size_t mostRemembered = 10'000;
constexpr int failuresBeforeRest = 4;
constexpr int failuresBeforeEnd = 40;
constexpr int resendsPerMinute = 5;
constexpr Milliseconds shortestRest = 60'000;
constexpr Milliseconds longestRest = 86'400'000;

constexpr const char *flags[] = { "push_events", "tag_push_events", "merge_requests_events",
    "issues_events", "confidential_issues_events", "note_events", "confidential_note_events",
    "pipeline_events", "wiki_page_events", "deployment_events", "job_events", "releases_events",
    "repository_update_events", "enable_ssl_verification" };

struct Target
{
    std::string origin;
    std::string path;
};

// Only plain HTTP: what listens on this machine has no certificate.
std::optional<Target> targetOf(const std::string &url, bool allowOther)
{
    constexpr std::string_view scheme = "http://";
    if (!url.starts_with(scheme) || url.find_first_of(" \r\n\t@") != std::string::npos)
        return std::nullopt;
    const std::size_t slash = std::min(url.find('/', scheme.size()), url.size());
    const std::string host = url.substr(scheme.size(), slash - scheme.size());
    const std::string name = host.substr(0, host.rfind(':'));
    if (!allowOther && name != "127.0.0.1" && name != "localhost")
        return std::nullopt;
    return Target{ std::string(scheme) + host, slash == url.size() ? "/" : url.substr(slash) };
}

/// "successful", "client_failure", "server_failure" or a number; empty: all.
bool hasStatus(const HookDelivery &delivery, const std::string &wanted)
{
    const int status = delivery.status;
    if (wanted.empty())
        return true;
    if (wanted == "successful")
        return status >= 200 && status < 300;
    if (wanted == "client_failure")
        return status >= 400 && status < 500;
    if (wanted == "server_failure")
        return status >= 500 || status == 0;
    return wanted == std::to_string(status);
}

// Each state is told once; the oldest are forgotten at last, all at once.
bool isNews(
    std::unordered_map<std::int64_t, std::string> &told, std::int64_t id, const std::string &state)
{
    if (told.size() > mostRemembered)
        told.clear();
    std::string &before = told[id];
    return std::exchange(before, state) != state;
}

} // namespace

WebHooks::WebHooks(GitLabContext &context)
    : m_context(context)
{
    m_context.store.onJobSaved = [this](const JobRecord &job) { jobSaved(job); };
    m_context.store.onPipelineSaved = [this](const PipelineRecord &p) { pipelineSaved(p); };
    load();
}

WebHooks::~WebHooks()
{
    m_context.store.onJobSaved = nullptr;
    m_context.store.onPipelineSaved = nullptr;
    m_stop.raise();
    m_delivery.stop();
}

void WebHooks::load()
{
    m_hooks = m_context.documents.all(kind);
}

void WebHooks::addRoutes(ApiRoutes &routes)
{
    routes.addToProject("GET", "/hooks", [this](const ApiCall &call) {
        OrderedJson body = OrderedJson::array();
        for (const OrderedJson &hook : m_hooks)
            body.push_back(hookJson(hook));
        call.reply(200, body);
    });
    routes.addToProject("POST", "/hooks", [this](const ApiCall &call) { create(call); });
    routes.addToProject("GET", "/hooks/:hook",
        [this](const ApiCall &call) { call.reply(200, hookJson(call.document(kind, "hook"))); });
    routes.addToProject("PUT", "/hooks/:hook", [this](const ApiCall &call) { change(call); });
    routes.addToProject("DELETE", "/hooks/:hook", [this](const ApiCall &call) {
        m_context.documents.remove(kind, call.document(kind, "hook").at("id").get<std::int64_t>());
        load();
        call.replyNothing();
    });
    routes.addToProject(
        "POST", "/hooks/:hook/test/:trigger", [this](const ApiCall &call) { test(call); });
    routes.addToProject(
        "GET", "/hooks/:hook/events", [this](const ApiCall &call) { listEvents(call); });
    routes.addToProject(
        "POST", "/hooks/:hook/events/:event/resend", [this](const ApiCall &call) { resend(call); });
}

void WebHooks::apply(const ApiCall &call, OrderedJson &hook) const
{
    if (call.given("url"))
        hook["url"] = call.text("url");
    if (!targetOf(hook.at("url").get<std::string>(), m_context.options.allowOtherHooks))
        throw ApiFailure{ 422, { { "error", "Invalid url given" } } };
    if (call.given("token"))
        hook["token"] = call.text("token");
    for (const char *flag : flags)
        if (call.given(flag))
            hook[flag] = flagParameter(call.parameters(), flag);
    hook["failures"] = 0;
    hook["until"] = 0;
}

void WebHooks::create(const ApiCall &call)
{
    OrderedJson hook
        = { { "id", 0 }, { "url", call.required("url") }, { "created", m_context.progress.now() },
              { "push_events", true }, { "enable_ssl_verification", true } };
    apply(call, hook);
    m_context.documents.add(kind, hook);
    load();
    call.reply(201, hookJson(hook));
}

void WebHooks::change(const ApiCall &call)
{
    OrderedJson hook = call.document(kind, "hook");
    apply(call, hook);
    m_context.documents.save(kind, hook);
    load();
    call.reply(200, hookJson(hook));
}

void WebHooks::test(const ApiCall &call)
{
    const OrderedJson hook = call.document(kind, "hook");
    const std::string trigger = call.segment("trigger");
    const auto newest = m_context.store.pipelines({}, { 0, 1 });
    const auto jobs = m_context.store.jobs({}, { 0, 1 });
    if (trigger == "pipeline_events" && !newest.empty())
        deliver(hook, "Pipeline Hook", pipelineEvent(m_context, newest.front()));
    else if (trigger == "job_events" && !jobs.empty())
        deliver(hook, "Job Hook", jobEvent(m_context, jobs.front()));
    else
        throw ApiFailure::message(422, "Ensure the project has CI jobs.");
    call.reply(201, { { "message", "201 Created" } });
}

OrderedJson WebHooks::hookJson(const OrderedJson &hook) const
{
    OrderedJson out = { { "id", hook.at("id") }, { "url", hook.at("url") }, { "name", nullptr },
        { "description", nullptr }, { "project_id", 1 },
        { "created_at", timeText(hook.at("created").get<Milliseconds>()) } };
    for (const char *flag : flags)
        out[flag] = hook.value(flag, false);
    const int failures = hook.value("failures", 0);
    const Milliseconds until = hook.value("until", Milliseconds(0));
    out["alert_status"] = failures >= failuresBeforeEnd ? "disabled"
        : until > m_context.progress.now()              ? "temporarily_disabled"
                                                        : "executable";
    out["disabled_until"]
        = until > m_context.progress.now() ? OrderedJson(timeText(until)) : OrderedJson(nullptr);
    out["url_variables"] = OrderedJson::array();
    out["custom_headers"] = OrderedJson::array();
    return out;
}

bool WebHooks::mayBeCalled(const OrderedJson &hook) const
{
    return hook.value("failures", 0) < failuresBeforeEnd
        && hook.value("until", Milliseconds(0)) <= m_context.progress.now();
}

void WebHooks::jobSaved(const JobRecord &job)
{
    if (!m_hooks.empty() && job.kind.empty() && isNews(m_jobStates, job.id, job.status))
        send("job_events", "Job Hook", jobEvent(m_context, job));
}

void WebHooks::pipelineSaved(const PipelineRecord &pipeline)
{
    if (!m_hooks.empty() && isNews(m_pipelineStates, pipeline.id, pipeline.status))
        send("pipeline_events", "Pipeline Hook", pipelineEvent(m_context, pipeline));
}

void WebHooks::send(const char *flag, const char *event, const std::string &body)
{
    for (const OrderedJson &hook : m_hooks)
        if (hook.value(flag, false) && mayBeCalled(hook))
            deliver(hook, event, body);
}

void WebHooks::deliver(const OrderedJson &hook, const std::string &event, const std::string &body,
    std::function<void(const HookDelivery &)> done)
{
    const auto target
        = targetOf(hook.at("url").get<std::string>(), m_context.options.allowOtherHooks);
    if (!target)
        return;
    HttpClient::Headers headers = { { "Content-Type", "application/json" },
        { "User-Agent", "GitLab/18.4.0" }, { "X-Gitlab-Event", event },
        { "X-Gitlab-Webhook-UUID", "hook-" + hook.at("id").dump() },
        { "X-Gitlab-Event-UUID", randomToken({}) }, { "X-Gitlab-Instance", m_context.url },
        { "Idempotency-Key", randomToken({}) } };
    if (const std::string token = hook.value("token", ""); !token.empty())
        headers.emplace_back("X-Gitlab-Token", token);
    HookDelivery delivery;
    delivery.hook = hook.at("id").get<std::int64_t>();
    delivery.url = hook.at("url").get<std::string>();
    delivery.event = event;
    delivery.requestHeaders = headers;
    delivery.requestBody = body;
    delivery.sent = m_context.progress.now();
    m_delivery.run([this, target = *target, delivery = std::move(delivery), done = std::move(done),
                       &server = m_context.server]() mutable {
        const auto began = std::chrono::steady_clock::now();
        HttpClient client(target.origin, m_stop);
        const auto reply
            = client.send("POST", target.path, delivery.requestHeaders, delivery.requestBody);
        const std::chrono::duration<double> took = std::chrono::steady_clock::now() - began;
        delivery.seconds = took.count();
        delivery.status = reply ? reply->status : 0;
        delivery.responseBody = reply ? reply->body : reply.error();
        if (reply)
            delivery.responseHeaders = reply->headers;
        server.post([this, delivery = std::move(delivery), done = std::move(done)] {
            delivered(delivery);
            if (done)
                done(delivery);
        });
    });
}

void WebHooks::delivered(const HookDelivery &delivery)
try {
    m_log.add(delivery);
    const bool wasTaken = delivery.status >= 200 && delivery.status < 300;
    const auto found = std::find_if(m_hooks.begin(), m_hooks.end(), [&](const OrderedJson &hook) {
        return hook.at("id").get<std::int64_t>() == delivery.hook;
    });
    if (found == m_hooks.end() || (wasTaken && found->value("failures", 0) == 0))
        return;
    const int failures = wasTaken ? 0 : found->value("failures", 0) + 1;
    (*found)["failures"] = failures;
    Milliseconds rest = 0;
    if (failures >= failuresBeforeRest)
        rest = std::min(longestRest, shortestRest << std::min(failures - failuresBeforeRest, 20));
    (*found)["until"] = rest == 0 ? 0 : m_context.progress.now() + rest;
    m_context.documents.save(kind, *found);
} catch (const StoreFailure &failure) {
    std::fprintf(stderr, "faultline-lab: a webhook's state is lost: %s\n", failure.what());
}

void WebHooks::listEvents(const ApiCall &call)
{
    const auto hook = call.document(kind, "hook").at("id").get<std::int64_t>();
    const std::string status = call.text("status");
    std::vector<const HookDelivery *> found = m_log.of(hook, m_context.progress.now());
    std::erase_if(found, [&](const HookDelivery *each) { return !hasStatus(*each, status); });
    const Page page = Page::of(call.request());
    const auto total = static_cast<std::int64_t>(found.size());
    OrderedJson body = OrderedJson::array();
    for (std::int64_t i = page.slice().offset; i < std::min(total, page.slice().offset + page.size);
         ++i)
        body.push_back(found[static_cast<std::size_t>(i)]->json());
    Response response;
    response.body = jsonText(body);
    addPageHeaders(response, call.request(), page, page.number * page.size < total, total);
    call.reply(std::move(response));
}

void WebHooks::resend(const ApiCall &call)
{
    const OrderedJson hook = call.document(kind, "hook");
    const HookDelivery *before
        = m_log.find(hook.at("id").get<std::int64_t>(), call.pathId("event", "Not Found"));
    if (!before)
        throw ApiFailure::message(404, "404 Not Found");
    const Milliseconds minute = m_context.progress.now() / 60'000;
    m_resends = std::exchange(m_resendMinute, minute) == minute ? m_resends + 1 : 1;
    if (m_resends > resendsPerMinute)
        throw ApiFailure{ 429,
            { { "message",
                { { "error",
                    "This endpoint has been requested too many times. Try again later." } } } } };
    deliver(hook, before->event, before->requestBody, [call](const HookDelivery &delivery) {
        if (delivery.status == 0)
            call.fail(ApiFailure::message(422, delivery.responseBody));
        else
            call.reply(201, { { "response_status", delivery.status } });
    });
}

} // namespace faultline::lab
