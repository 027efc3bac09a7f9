// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/lab/gitlab/api_call.h"

#include <charconv>
#include <exception>

#include "services/lab/gitlab/body_parameters.h"
#include "services/lab/gitlab/random_token.h"

namespace faultline::lab {

namespace {

Response jsonResponse(int status, const OrderedJson &body)
{
    Response response;
    response.status = status;
    response.body = jsonText(body);
    response.headers.emplace_back("Cache-Control", "max-age=0, private, must-revalidate");
    return response;
}

bool namesProject(const Request &request, const std::string &project)
{
    const auto id = request.parameters.find("id");
    return id != request.parameters.end() && (id->second == "1" || id->second == project);
}

} // namespace

ApiFailure ApiFailure::notFound(const std::string &what)
{
    return message(404, "404 " + what + " Not Found");
}

ApiFailure ApiFailure::message(int status, const std::string &text)
{
    return { status, { { "message", text } } };
}

ApiFailure ApiFailure::base(const std::string &text)
{
    OrderedJson list = OrderedJson::array();
    list.push_back(text);
    OrderedJson message;
    message["base"] = std::move(list);
    OrderedJson body;
    body["message"] = std::move(message);
    return { 400, std::move(body) };
}

ApiFailure ApiFailure::parameter(const std::string &text)
{
    return { 400, { { "error", text } } };
}

ApiCall::ApiCall(GitLabContext &context, const Request &request, Responder responder)
    : m_context(context)
    , m_request(std::make_shared<const Request>(request))
    , m_responder(std::move(responder))
{
}

std::string ApiCall::token() const
{
    for (const char *header : { "private-token", "job-token" })
        if (const auto value = m_request->header(header); !value.empty())
            return std::string(value);
    const std::string_view authorization = m_request->header("authorization");
    if (authorization.starts_with("Bearer ") || authorization.starts_with("bearer "))
        return std::string(authorization.substr(7));
    for (const char *key : { "private_token", "access_token", "job_token" })
        if (const auto value = m_request->queryValue(key); !value.empty())
            return std::string(value);
    return {};
}

ApiCall::Who ApiCall::who() const
{
    const std::string given = token();
    if (sameSecret(given, m_context.options.secrets.personalToken))
        return Who::user;
    if (given.starts_with("glcbt-"))
        if (const auto job = m_context.store.jobByToken(given); job && !isComplete(job->status))
            return Who::job;
    return Who::nobody;
}

const nlohmann::json &ApiCall::parameters() const
{
    if (!m_parameters)
        m_parameters = std::make_shared<nlohmann::json>(requestParameters(*m_request));
    return *m_parameters;
}

std::string ApiCall::text(std::string_view key) const
{
    return textParameter(parameters(), key);
}

Entities ApiCall::entities() const
{
    return Entities(m_request->origin, m_context.options.projectPath);
}

std::int64_t ApiCall::pathId(const std::string &name, const std::string &what) const
{
    const auto found = m_request->parameters.find(name);
    const std::string text = found == m_request->parameters.end() ? std::string() : found->second;
    std::int64_t id = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), id);
    if (error != std::errc() || end != text.data() + text.size())
        throw ApiFailure::notFound(what);
    return id;
}

PipelineRecord ApiCall::pipeline() const
{
    auto pipeline = m_context.store.pipeline(pathId("pipeline", "Pipeline"));
    if (!pipeline)
        throw ApiFailure::message(404, "404 Not found");
    return std::move(*pipeline);
}

JobRecord ApiCall::job() const
{
    JobRecord job = processable();
    if (!job.kind.empty())
        throw ApiFailure::message(404, "404 Not found");
    return job;
}

JobRecord ApiCall::processable() const
{
    auto job = m_context.store.job(pathId("job", "Job"));
    if (!job || job->kind == "status")
        throw ApiFailure::message(404, "404 Not found");
    return std::move(*job);
}

std::string ApiCall::segment(const std::string &name) const
{
    const auto found = m_request->parameters.find(name);
    return found == m_request->parameters.end() ? std::string() : found->second;
}

OrderedJson ApiCall::document(const std::string &kind, const std::string &name) const
{
    auto found = m_context.documents.find(kind, pathId(name, "Not"));
    if (!found)
        throw ApiFailure::message(404, "404 Not found");
    return std::move(*found);
}

std::optional<std::string> ApiCall::given(std::string_view key) const
{
    const auto found = parameters().find(std::string(key));
    return found == parameters().end() || found->is_null() ? std::nullopt
                                                           : std::optional(text(key));
}

std::string ApiCall::required(std::string_view key) const
{
    std::string value = text(key);
    if (value.empty())
        throw ApiFailure::parameter(std::string(key) + " is missing");
    return value;
}

void ApiCall::reply(int status, const OrderedJson &body) const
{
    m_responder.reply(jsonResponse(status, body));
}

void ApiCall::reply(Response response) const
{
    m_responder.reply(std::move(response));
}

void ApiCall::replyNothing(int status) const
{
    Response response;
    response.status = status;
    reply(std::move(response));
}

void ApiCall::fail(const ApiFailure &failure) const
{
    reply(failure.status, failure.body);
}

void ApiCall::guarded(const std::function<void()> &work) const
{
    try {
        work();
    } catch (const ApiFailure &failure) {
        fail(failure);
    } catch (const std::exception &failure) {
        fail(ApiFailure::message(500, std::string("500 Internal Server Error: ") + failure.what()));
    }
}

void ApiCall::inWorker(std::function<std::function<void()>()> work) const
{
    m_context.workers.run([call = *this, work = std::move(work)] {
        call.guarded([&] {
            std::function<void()> then = work();
            call.m_context.server.post([call, then = std::move(then)] { call.guarded(then); });
        });
    });
}

ApiRoutes::ApiRoutes(GitLabContext &context, Router &router)
    : m_context(context)
    , m_router(router)
{
}

void ApiRoutes::add(const std::string &method, const std::string &pattern, Need need, Handle handle,
    RouteOptions options)
{
    m_router.add(
        method, "/api/v4" + pattern,
        [&context = m_context, need, handle = std::move(handle)](
            const Request &request, Responder responder) {
            Responder counted = std::move(responder);
            if (need != Need::nothing && context.rateLimit.isOn()) {
                const ApiCall asking(context, request, counted);
                const RateLimit::Count count
                    = context.rateLimit.count(asking.token(), context.clock());
                if (count.isRefused())
                    return counted.reply(count.refusal());
                counted = Responder([counted, count](Response response) {
                    count.addHeaders(response);
                    counted.reply(std::move(response));
                });
            }
            const ApiCall call(context, request, std::move(counted));
            call.guarded([&] {
                const ApiCall::Who who = need == Need::nothing ? ApiCall::Who::nobody : call.who();
                if (need != Need::nothing && who == ApiCall::Who::nobody)
                    throw ApiFailure::message(401, "401 Unauthorized");
                if (need == Need::user && who == ApiCall::Who::job)
                    throw ApiFailure::message(403, "403 Forbidden");
                handle(call);
            });
        },
        options);
}

void ApiRoutes::addToProject(
    const std::string &method, const std::string &pattern, Handle handle, Need need)
{
    add(method, "/projects/:id" + pattern, need, [handle = std::move(handle)](const ApiCall &call) {
        if (!namesProject(call.request(), call.context().options.projectPath))
            throw ApiFailure::notFound("Project");
        handle(call);
    });
}

} // namespace faultline::lab
