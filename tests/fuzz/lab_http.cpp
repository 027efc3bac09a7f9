// SPDX-License-Identifier: GPL-3.0-or-later
// The lab's own HTTP connection, on one end of a socket pair; the input is what the client sends.
#include <utility>

#include "services/lab/gitlab/body_parameters.h"
#include "services/lab/http/http_connection.h"
#include "tests/fuzz/fuzz_input.h"

#include <boost/asio/io_context.hpp>

#include <sys/socket.h>
#include <unistd.h>

using namespace faultline;
using namespace faultline::lab;

namespace {

void checkRequest(const Request &request)
{
    for (const std::string &segment : request.segments) {
        fuzz::hold(segment != ".." && segment != "." && segment.find("../") == std::string::npos,
            "no path climbs");
        fuzz::hold(segment.find('\0') == std::string::npos, "no path holds a NUL");
    }
    fuzz::hold(request.origin == "http://127.0.0.1:7480"
            || request.origin == "http://localhost:7480"
            || request.origin == "https://127.0.0.1:7480"
            || request.origin == "https://localhost:7480"
            || request.origin.find("[::1]") != std::string::npos
            || request.origin.find("://127.0.0.1") != std::string::npos
            || request.origin.find("://localhost") != std::string::npos,
        "links name an accepted host only");
}

void take(const Request &request, const Responder &responder)
{
    checkRequest(request);
    (void)bodyParts(request);
    Response response;
    response.body
        = requestParameters(request).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
    responder.reply(std::move(response));
}

Router filledRouter()
{
    Router router;
    for (const char *method : { "GET", "POST", "PUT", "DELETE" }) {
        router.add(method, "/api/v4/projects/:id/pipelines", take);
        router.add(method, "/api/v4/projects/:id/trigger/pipeline", take, { false, 4096 });
        router.add(method, "/v2-beta/projects/:project/:collection", take, { true, 0 });
        router.add(method, "/files/*rest", take);
    }
    router.addSocket(
        "/v2-beta/projects/:project/subscribe",
        [](const Request &request) {
            checkRequest(request);
            Response response;
            response.status = request.hasQuery("refuse") ? 401 : 101;
            return response;
        },
        [](const Request &, const std::shared_ptr<WebSocketSession> &session) {
            const std::weak_ptr<WebSocketSession> weak = session;
            session->onText = [weak](std::string_view text) {
                if (const auto open = weak.lock())
                    open->sendText(std::string(text));
            };
            session->onBinary = [weak](std::string_view text) {
                if (const auto open = weak.lock())
                    open->sendBinary(std::string(text));
            };
        },
        { true, 0 });
    router.addGuard("/v2-beta", [](const Request &request) -> std::optional<Response> {
        if (!request.header("x-refused").empty())
            return Response{ 401, "{}", "application/json", {} };
        return std::nullopt;
    });
    return router;
}

struct Lab
{
    Router router = filledRouter();
    boost::asio::io_context loop{ 1 };
    std::shared_ptr<ConnectionContext> context = std::make_shared<ConnectionContext>();

    Lab()
    {
        context->router = &router;
        context->loop = &loop;
        context->hostCheck = HostCheck({}, 7480);
        context->options.bodyLimit = 16 << 10;
        context->options.headerLimit = 8 << 10;
    }
};

void sendAll(int socket, std::string_view bytes)
{
    while (!bytes.empty()) {
        const ssize_t sent = send(socket, bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
        if (sent <= 0)
            break;
        bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    shutdown(socket, SHUT_WR);
}

/// Turns the loop until the connection has ended. Gives what the server said.
std::string converse(Lab &lab, int socket)
{
    constexpr int patience = 20'000;
    std::string answer;
    char piece[16 << 10];
    int idle = 0;
    while (lab.context->connections > 0) {
        lab.loop.restart();
        const std::size_t ran = lab.loop.poll();
        const ssize_t size = recv(socket, piece, sizeof piece, MSG_DONTWAIT);
        if (size > 0)
            answer.append(piece, static_cast<std::size_t>(size));
        idle = ran > 0 || size > 0 ? 0 : idle + 1;
        fuzz::hold(idle < patience, "a client that has left is let go");
    }
    lab.loop.restart();
    lab.loop.poll();
    for (ssize_t size = 1; size > 0;) {
        size = recv(socket, piece, sizeof piece, MSG_DONTWAIT);
        if (size > 0)
            answer.append(piece, static_cast<std::size_t>(size));
    }
    return answer;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *bytes, std::size_t size)
{
    static Lab lab;
    int ends[2];
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
        return 0;
    boost::asio::ip::tcp::socket socket(lab.loop);
    socket.assign(boost::asio::ip::tcp::v4(), ends[0]);
    sendAll(ends[1], fuzz::textOf(bytes, size));
    serveConnection(std::move(socket), lab.context);
    const std::string answer = converse(lab, ends[1]);
    close(ends[1]);
    fuzz::hold(answer.empty() || answer.starts_with("HTTP/1."), "answers are HTTP");
    return 0;
}
