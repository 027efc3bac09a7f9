// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/lab/rancher/rancher_api.h"

#include "services/lab/rancher/basic_auth.h"
#include "services/lab/rancher/collection_answer.h"
#include "services/lab/rancher/schemas.h"

#include <algorithm>
#include <cctype>
#include <utility>

namespace faultline::lab {

namespace {

constexpr const char *serverVersion = "v1.6.30";
constexpr const char *apiPath = "/v2-beta";

std::string lowerCase(std::string text)
{
    std::transform(text.begin(), text.end(), text.begin(),
        [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return text;
}

tl::expected<Json, ApiError> bodyOf(const Request &request)
{
    const bool empty = std::all_of(request.body.begin(), request.body.end(),
        [](unsigned char c) { return std::isspace(c) != 0; });
    if (empty)
        return Json::object();
    Json body = Json::parse(request.body, nullptr, false);
    if (!body.is_object())
        return refused(400, "InvalidBodyContent", "The body is not a JSON object.");
    return body;
}

/// The first "include" of the query, as Rancher honours only that one.
void include(
    const Request &request, const ApiScope &scope, const ApiType &type, std::vector<Json> &items)
{
    const std::string wanted = lowerCase(std::string(request.queryValue("include")));
    for (const auto &[name, link] : type.links) {
        if (lowerCase(name) != wanted)
            continue;
        for (Json &item : items) {
            if (const auto id = parsedId(textOf(item, "id")))
                item[name] = link.list(scope, *id);
        }
    }
}

} // namespace

RancherApi::RancherApi(RancherKeys keys)
    : m_keys(std::move(keys))
{
}

void RancherApi::add(ApiType type)
{
    m_types.push_back(std::move(type));
}

void RancherApi::addRoutes(Router &router)
{
    const RouteOptions anyCase{ true, 0 };
    const Handler handle = [this](const Request &request, const Responder &responder) {
        responder.reply(respond(request));
    };
    for (const char *method : { "GET", "POST", "PUT", "DELETE" })
        router.add(method, std::string(apiPath) + "/*rest", handle, anyCase);
    router.add("GET", "/", [](const Request &request, const Responder &responder) {
        const Json version{ { "id", "v2-beta" }, { "type", "apiVersion" },
            { "actions", Json::object() }, { "links", { { "self", request.origin + apiPath } } } };
        const Json latest{ { "links", { { "self", request.origin + apiPath } } },
            { "type", "collection" }, { "resourceType", "apiVersion" }, { "data", { version } } };
        responder.reply({ 200, dumped(latest), "application/json; charset=utf-8", {} });
    });
    router.add("GET", "/ping", [](const Request &, const Responder &responder) {
        responder.reply({ 200, "pong", "text/plain", {} });
    });
    const auto guard = [this](const Request &request) { return authRefusal(request); };
    router.addGuard(apiPath, guard);
    const auto writer
        = [](const Request &, int status) { return errorAnswer(errorForStatus(status)); };
    for (const char *prefix : { apiPath, "/v1" })
        router.addErrorWriter(prefix, writer);
}

std::optional<Response> RancherApi::authRefusal(const Request &request) const
{
    if (isBasicAuth(request.header("authorization"), m_keys.accessKey, m_keys.secretKey)
        || m_tokens.allows(request))
        return std::nullopt;
    // Whoever wants a token has none yet.
    if (request.segments.size() == 2 && lowerCase(request.segments[1]) == "token")
        return std::nullopt;
    Response response = errorAnswer(errorForStatus(401));
    // A challenge would leave a WebSocket client waiting for credentials.
    if (request.header("x-api-no-challenge") != "true" && request.header("upgrade").empty())
        response.headers.emplace_back("WWW-Authenticate",
            "Basic realm=\"Enter API access key and secret key as username and password\"");
    return response;
}

tl::expected<ApiScope, ApiError> RancherApi::scopeOf(const Request &request) const
{
    ApiScope scope{ request.origin, request.origin + apiPath, false };
    std::string project;
    if (request.segments.size() >= 3 && lowerCase(request.segments[1]) == "projects")
        project = request.segments[2];
    const bool projectItself = request.segments.size() == 3 && !project.empty();
    if (project.empty() || projectItself)
        project = std::string(request.header("x-api-project-id"));
    if (project.empty())
        project = std::string(request.queryValue("projectId"));
    if (project.empty())
        return scope;
    if (lowerCase(project) != projectId)
        return refused(403, "Forbidden",
            "There is no project \"" + project.substr(0, 40) + "\" for this key.");
    scope.inProject = true;
    scope.base += std::string("/projects/") + projectId;
    return scope;
}

void RancherApi::addHeaders(const Request &request, Response &response) const
{
    const auto scope = scopeOf(request);
    const std::string base = scope ? scope->base : request.origin + apiPath;
    response.headers.emplace_back("X-API-Schemas", base + "/schemas");
    response.headers.emplace_back("X-Rancher-Version", serverVersion);
    response.headers.emplace_back("X-API-Account-Id", projectId);
    response.headers.emplace_back("X-API-User-Id", "1a1");
    response.headers.emplace_back("X-API-Account-Kind", "project");
}

Response RancherApi::respond(const Request &request) const
{
    const auto scope = scopeOf(request);
    ApiResult result = tl::make_unexpected(scope ? ApiError() : scope.error());
    if (scope) {
        Target target{ *scope, { request.segments.begin() + 1, request.segments.end() } };
        const bool below = target.parts.size() >= 3 && lowerCase(target.parts[0]) == "projects";
        if (below)
            target.parts.erase(target.parts.begin(), target.parts.begin() + 2);
        if (std::optional<Response> file = fileAnswer(request, target)) {
            addHeaders(request, *file);
            return std::move(*file);
        }
        result = answer(request, target);
        if (request.method != "GET" && request.method != "HEAD" && result)
            tell(request, target, result->status, result->body);
    }
    Response response;
    if (!result)
        response = errorAnswer(result.error());
    else
        response = { result->status, dumped(result->body), "application/json; charset=utf-8", {} };
    addHeaders(request, response);
    return response;
}

const ApiType *RancherApi::typeNamed(const std::string &name) const
{
    const std::string lower = lowerCase(name);
    const auto found = std::find_if(m_types.begin(), m_types.end(), [&lower](const ApiType &type) {
        return lower == lowerCase(type.plural) || lower == lowerCase(type.singular);
    });
    return found == m_types.end() ? nullptr : &*found;
}

std::optional<Response> RancherApi::fileAnswer(const Request &request, const Target &target) const
{
    const ApiType *type = target.parts.size() == 3 ? typeNamed(target.parts[0]) : nullptr;
    const auto id = type == nullptr ? std::nullopt : parsedId(target.parts[1]);
    if (!id || request.method == "POST" || !type->byId(target.scope, *id))
        return std::nullopt;
    for (const auto &[name, file] : type->files) {
        if (lowerCase(name) == lowerCase(target.parts[2]))
            return file(target.scope, *id);
    }
    return std::nullopt;
}

ApiResult RancherApi::answer(const Request &request, const Target &target) const
{
    if (target.parts.empty())
        return root(request, target.scope);
    if (lowerCase(target.parts[0]) == "token")
        return answerToken(request, target);
    if (lowerCase(target.parts[0]) == "schemas")
        return answerSchemas(request, target);
    const ApiType *type = typeNamed(target.parts[0]);
    if (type == nullptr)
        return tl::make_unexpected(errorForStatus(404));
    if (target.parts.size() == 1)
        return answerCollection(request, target, *type);
    const auto id = parsedId(target.parts[1]);
    const auto resource = id && type->byId ? type->byId(target.scope, *id) : std::nullopt;
    if (!resource)
        return tl::make_unexpected(errorForStatus(404));
    if (target.parts.size() == 2)
        return answerResource(request, target, *type, *id, *resource);
    for (const auto &[name, view] : type->views) {
        if (target.parts.size() == 3 && lowerCase(name) == lowerCase(target.parts[2])
            && request.method != "POST")
            return view(target.scope, *id);
    }
    for (const auto &[name, link] : type->links) {
        if (target.parts.size() == 3 && lowerCase(name) == lowerCase(target.parts[2])
            && request.method != "POST") {
            const ApiType *linked = typeNamed(link.type);
            return ApiAnswer{ 200,
                collectionAnswer(request, link.type,
                    linked == nullptr ? std::vector<std::string>() : linked->filters,
                    link.list(target.scope, *id)) };
        }
    }
    return tl::make_unexpected(errorForStatus(404));
}

ApiResult RancherApi::answerCollection(
    const Request &request, const Target &target, const ApiType &type) const
{
    if (request.method == "GET" || request.method == "HEAD") {
        std::vector<Json> items = type.list(target.scope);
        if (request.hasQuery("include"))
            include(request, target.scope, type, items);
        return ApiAnswer{ 200,
            collectionAnswer(request, type.singular, type.filters, std::move(items)) };
    }
    if (request.method != "POST" || !type.create)
        return tl::make_unexpected(errorForStatus(405));
    const auto body = bodyOf(request);
    if (!body)
        return tl::make_unexpected(body.error());
    return type.create(target.scope, *body);
}

ApiResult RancherApi::answerResource(const Request &request, const Target &target,
    const ApiType &type, std::int64_t id, const Json &resource) const
{
    if (request.method == "GET" || request.method == "HEAD") {
        std::vector<Json> items{ resource };
        if (request.hasQuery("include"))
            include(request, target.scope, type, items);
        return ApiAnswer{ 200, std::move(items.front()) };
    }
    const auto body = bodyOf(request);
    if (!body)
        return tl::make_unexpected(body.error());
    const bool gone = !resource.value("removed", Json()).is_null();
    if (request.method == "POST") {
        const std::string name = lowerCase(std::string(request.queryValue("action")));
        const auto action = type.actions.find(name);
        if (name.empty())
            return tl::make_unexpected(errorForStatus(405));
        if (action == type.actions.end() || !objectOf(resource, "actions").contains(name))
            return refused(422, "ActionNotAvailable",
                "\"" + name + "\" is not possible while it is " + textOf(resource, "state") + ".");
        return action->second(target.scope, id, *body);
    }
    if (gone)
        return tl::make_unexpected(errorForStatus(404));
    if (request.method == "PUT" && type.update)
        return type.update(target.scope, id, *body);
    if (request.method == "DELETE" && type.remove)
        return type.remove(target.scope, id);
    return tl::make_unexpected(errorForStatus(405));
}

ApiResult RancherApi::answerToken(const Request &request, const Target &target) const
{
    if (request.method == "GET") {
        const Json token{ { "type", "token" }, { "security", true },
            { "authProvider", "localauthconfig" }, { "links", Json::object() },
            { "actions", Json::object() } };
        return ApiAnswer{ 200, collectionAnswer(request, "token", {}, { token }) };
    }
    if (request.method == "DELETE" && target.parts.size() == 2) {
        m_tokens.revoke(request);
        return ApiAnswer{ 200, Json::object() };
    }
    if (request.method != "POST" || target.parts.size() != 1)
        return tl::make_unexpected(errorForStatus(405));
    const auto body = bodyOf(request);
    if (!body)
        return tl::make_unexpected(body.error());
    if (!equalsSecret(textOf(*body, "code"), m_keys.accessKey + ":" + m_keys.secretKey))
        return tl::make_unexpected(errorForStatus(401));
    return ApiAnswer{ 201,
        { { "type", "token" }, { "jwt", m_tokens.issue() }, { "userType", "admin" },
            { "accountId", "1a1" }, { "authProvider", "localauthconfig" },
            { "userIdentity", { { "id", "rancher_id:1a1" }, { "type", "identity" } } },
            { "links", Json::object() }, { "actions", Json::object() } } };
}

void RancherApi::tell(
    const Request &request, const Target &target, int status, const Json &answer) const
{
    const ApiType *type = target.parts.empty() ? nullptr : typeNamed(target.parts[0]);
    if (type == nullptr || !onChange)
        return;
    const auto body = bodyOf(request);
    const std::string action(request.queryValue("action"));
    const std::string verb = request.method == "PUT" ? "update"
        : request.method == "DELETE"                 ? "delete"
        : action.empty()                             ? "create"
                                                     : action;
    onChange(type->singular, target.parts.size() > 1 ? target.parts[1] : std::string(), verb,
        body ? *body : Json::object(), status, answer);
}

ApiResult RancherApi::answerSchemas(const Request &request, const Target &target) const
{
    std::vector<Json> schemas = schemaList(target.scope, m_types);
    // The old command line client asks for ".../schemas/schemas" first.
    const bool all
        = target.parts.size() == 1 || (target.parts.size() == 2 && target.parts[1] == "schemas");
    if (all) {
        Json list = collectionAnswer(request, "schema", {}, {});
        list["data"] = std::move(schemas);
        return ApiAnswer{ 200, std::move(list) };
    }
    for (Json &schema : schemas) {
        if (target.parts.size() == 2
            && lowerCase(textOf(schema, "id")) == lowerCase(target.parts[1]))
            return ApiAnswer{ 200, std::move(schema) };
    }
    return tl::make_unexpected(errorForStatus(404));
}

ApiResult RancherApi::root(const Request &request, const ApiScope &scope) const
{
    Json links{ { "self", scope.base }, { "schemas", scope.base + "/schemas" },
        { "subscribe", scope.base + "/subscribe" } };
    for (const ApiType &type : m_types)
        links[type.plural] = scope.base + "/" + lowerCase(type.plural);
    if (request.method != "GET" && request.method != "HEAD")
        return tl::make_unexpected(errorForStatus(405));
    return ApiAnswer{ 200,
        { { "id", "v2-beta" }, { "type", "apiVersion" }, { "links", std::move(links) },
            { "actions", Json::object() } } };
}

} // namespace faultline::lab
