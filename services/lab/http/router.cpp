// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/lab/http/router.h"

#include "services/lab/http/url_parts.h"

#include <algorithm>
#include <atomic>
#include <cctype>

namespace faultline::lab {

namespace {

std::string lowerCase(std::string_view text)
{
    std::string lower(text);
    std::transform(lower.begin(), lower.end(), lower.begin(),
        [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return lower;
}

bool beginsWith(const std::vector<std::string> &segments, const std::vector<std::string> &prefix)
{
    if (segments.size() < prefix.size())
        return false;
    for (std::size_t i = 0; i < prefix.size(); ++i) {
        if (lowerCase(segments[i]) != prefix[i])
            return false;
    }
    return true;
}

/// The value registered for the longest prefix of these segments.
template <typename T>
const T *longest(const std::vector<std::pair<std::vector<std::string>, T>> &entries,
    const std::vector<std::string> &segments)
{
    const T *found = nullptr;
    std::size_t length = 0;
    for (const auto &[prefix, value] : entries) {
        if ((found == nullptr || prefix.size() > length) && beginsWith(segments, prefix)) {
            found = &value;
            length = prefix.size();
        }
    }
    return found;
}

std::vector<std::string> prefixSegments(std::string_view prefix)
{
    return pathSegments(lowerCase(prefix)).value_or(std::vector<std::string>());
}

Response plainError(int status)
{
    Response response;
    response.status = status;
    response.body = "{\"message\":\"HTTP " + std::to_string(status) + "\"}";
    return response;
}

} // namespace

std::string_view Request::header(std::string_view name) const
{
    for (const auto &[key, value] : headers) {
        if (key == name)
            return value;
    }
    return {};
}

std::string_view Request::queryValue(std::string_view key) const
{
    for (const auto &[name, value] : query) {
        if (name == key)
            return value;
    }
    return {};
}

bool Request::hasQuery(std::string_view key) const
{
    return std::any_of(
        query.begin(), query.end(), [key](const auto &pair) { return pair.first == key; });
}

struct Responder::State
{
    Send send;
    std::atomic_bool answered = false;

    ~State()
    {
        if (!answered.exchange(true))
            send(plainError(500));
    }
};

Responder::Responder(Send send)
    : m_state(std::make_shared<State>())
{
    m_state->send = std::move(send);
}

void Responder::reply(Response response) const
{
    if (!m_state->answered.exchange(true))
        m_state->send(std::move(response));
}

struct Router::Node
{
    struct Route
    {
        Handler handler;
        std::vector<std::string> names;
        std::size_t bodyLimit = 0;
    };
    struct Socket
    {
        UpgradeCheck check;
        SocketHandler handler;
        std::vector<std::string> names;
    };

    std::map<std::string, std::unique_ptr<Node>, std::less<>> literals;
    std::map<std::string, std::unique_ptr<Node>, std::less<>> anyCase; ///< keys in lower case
    std::unique_ptr<Node> parameter;
    std::unique_ptr<Node> rest;
    std::map<std::string, Route, std::less<>> routes; ///< by method
    std::optional<Socket> socket;
};

struct Router::Private
{
    Node root;
    std::vector<std::pair<std::vector<std::string>, Guard>> guards;
    std::vector<std::pair<std::vector<std::string>, ErrorWriter>> writers;

    Node &nodeFor(std::string_view pattern, bool ignoreCase, std::vector<std::string> &names);

    /// One search through the tree, most literal branch first.
    struct Search
    {
        Request &request;
        Match match;
        std::vector<std::string> values;

        bool visit(const Node &node, std::size_t depth);
        bool take(const Node &node);
        void name(const std::vector<std::string> &names);
    };
};

Router::Node &Router::Private::nodeFor(
    std::string_view pattern, bool ignoreCase, std::vector<std::string> &names)
{
    Node *node = &root;
    const auto child = [](std::unique_ptr<Node> &slot) {
        if (!slot)
            slot = std::make_unique<Node>();
        return slot.get();
    };
    for (const std::string &segment : pathSegments(pattern).value_or(std::vector<std::string>())) {
        if (segment.starts_with(':')) {
            names.push_back(segment.substr(1));
            node = child(node->parameter);
        } else if (segment.starts_with('*')) {
            names.push_back(segment.substr(1));
            node = child(node->rest);
        } else if (ignoreCase) {
            node = child(node->anyCase[lowerCase(segment)]);
        } else {
            node = child(node->literals[segment]);
        }
    }
    return *node;
}

void Router::Private::Search::name(const std::vector<std::string> &names)
{
    request.parameters.clear();
    for (std::size_t i = 0; i < names.size() && i < values.size(); ++i)
        request.parameters[names[i]] = values[i];
}

bool Router::Private::Search::take(const Node &node)
{
    auto route = node.routes.find(request.method);
    if (route == node.routes.end() && request.method == "HEAD")
        route = node.routes.find("GET");
    if (node.socket && match.socketHandler == nullptr) {
        match.upgradeCheck = &node.socket->check;
        match.socketHandler = &node.socket->handler;
        name(node.socket->names);
    }
    if (route != node.routes.end()) {
        match.handler = &route->second.handler;
        match.bodyLimit = route->second.bodyLimit;
        if (match.socketHandler == nullptr || node.socket)
            name(route->second.names);
        return true;
    }
    if (!node.routes.empty())
        match.pathKnown = true;
    return false;
}

bool Router::Private::Search::visit(const Node &node, std::size_t depth)
{
    if (depth == request.segments.size()) {
        if (take(node))
            return true;
    } else {
        const std::string &segment = request.segments[depth];
        if (const auto next = node.literals.find(segment); next != node.literals.end()) {
            if (visit(*next->second, depth + 1))
                return true;
        }
        if (!node.anyCase.empty()) {
            const auto next = node.anyCase.find(lowerCase(segment));
            if (next != node.anyCase.end() && visit(*next->second, depth + 1))
                return true;
        }
        if (node.parameter) {
            values.push_back(segment);
            if (visit(*node.parameter, depth + 1))
                return true;
            values.pop_back();
        }
    }
    if (node.rest) {
        std::string rest;
        for (std::size_t i = depth; i < request.segments.size(); ++i)
            rest += (i == depth ? "" : "/") + request.segments[i];
        values.push_back(std::move(rest));
        if (take(*node.rest))
            return true;
        values.pop_back();
    }
    return false;
}

Router::Router()
    : d(std::make_unique<Private>())
{
}
Router::~Router() = default;
Router::Router(Router &&) noexcept = default;
Router &Router::operator=(Router &&) noexcept = default;

void Router::add(
    std::string_view method, std::string_view pattern, Handler handler, RouteOptions options)
{
    std::vector<std::string> names;
    Node &node = d->nodeFor(pattern, options.ignoreCase, names);
    node.routes[std::string(method)] = { std::move(handler), std::move(names), options.bodyLimit };
}

void Router::addSocket(
    std::string_view pattern, UpgradeCheck check, SocketHandler handler, RouteOptions options)
{
    std::vector<std::string> names;
    Node &node = d->nodeFor(pattern, options.ignoreCase, names);
    node.socket = Node::Socket{ std::move(check), std::move(handler), std::move(names) };
}

void Router::addGuard(std::string_view prefix, Guard guard)
{
    d->guards.emplace_back(prefixSegments(prefix), std::move(guard));
}

void Router::addErrorWriter(std::string_view prefix, ErrorWriter writer)
{
    d->writers.emplace_back(prefixSegments(prefix), std::move(writer));
}

Response Router::errorResponse(const Request &request, int status) const
{
    const ErrorWriter *writer = longest(d->writers, request.segments);
    return writer == nullptr ? plainError(status) : (*writer)(request, status);
}

std::optional<Response> Router::refusal(const Request &request) const
{
    const Guard *guard = longest(d->guards, request.segments);
    return guard == nullptr ? std::nullopt : (*guard)(request);
}

Router::Match Router::find(Request &request) const
{
    Private::Search search{ request, {}, {} };
    search.visit(d->root, 0);
    return search.match;
}

} // namespace faultline::lab
