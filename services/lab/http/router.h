// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace faultline::lab {

/// One request as handlers see it. The path's segments are percent-decoded one by one, so that
/// "group%2Fproject" is one segment.
struct Request
{
    std::string method; ///< upper case
    std::string path; ///< as sent, without the query
    std::vector<std::string> segments;
    std::vector<std::pair<std::string, std::string>> query; ///< decoded, in order, keys may repeat
    std::vector<std::pair<std::string, std::string>> headers; ///< names in lower case
    std::map<std::string, std::string> parameters; ///< values of the pattern's ":name" segments
    std::string body;
    std::string
        origin; ///< "http://127.0.0.1:7480", from Host (and X-Forwarded-*): the base of every link

    /// First value of a header (name in lower case) or query key; empty when absent.
    [[nodiscard]] std::string_view header(std::string_view name) const;
    [[nodiscard]] std::string_view queryValue(std::string_view key) const;
    [[nodiscard]] bool hasQuery(std::string_view key) const;
};

struct Response
{
    int status = 200;
    std::string body;
    std::string contentType = "application/json";
    std::vector<std::pair<std::string, std::string>> headers;
};

/// The way to answer one request: copyable, any thread, once (later replies are dropped). A request
/// whose last Responder is destroyed without a reply is answered with 500.
class Responder
{
public:
    using Send = std::function<void(Response)>;
    explicit Responder(Send send);

    void reply(Response response) const;

private:
    struct State;
    std::shared_ptr<State> m_state;
};

/// A server-side WebSocket. All functions may be called from any thread; callbacks run on the lab's
/// thread.
class WebSocketSession
{
public:
    virtual ~WebSocketSession() = default;

    virtual void sendText(std::string text) = 0;
    virtual void sendBinary(std::string bytes) = 0;
    /// Frames that are queued and not yet written: a slow reader's backlog.
    [[nodiscard]] virtual std::size_t backlog() const = 0;
    /// Takes no further messages, so that the sender is held back by TCP, until it resumes. One that
    /// is under way may still come.
    virtual void pauseReading() = 0;
    virtual void resumeReading() = 0;
    /// Writes what is queued, then closes in order.
    virtual void close() = 0;
    /// Cuts the connection at once, for readers that don't read.
    virtual void drop() = 0;

    std::function<void(std::string_view text)> onText;
    std::function<void(std::string_view bytes)> onBinary;
    std::function<void()> onDrained; ///< the queue became empty: more may be sent
    std::function<void()>
        onClosed; ///< once, also after close(); the other callbacks are released after it
};

using Handler = std::function<void(const Request &, Responder)>;
/// Decides on an upgrade request: a status other than 101 refuses with that response.
using UpgradeCheck = std::function<Response(const Request &)>;
using SocketHandler = std::function<void(const Request &, std::shared_ptr<WebSocketSession>)>;

/// Looks at a request whose header has arrived and whose body has not; a response refuses it there
/// and then.
using Guard = std::function<std::optional<Response>(const Request &)>;

struct RouteOptions
{
    bool ignoreCase = false; ///< literal segments match in any case
    std::size_t bodyLimit = 0; ///< bytes; 0 = the server's
};

/// Finds the handler of a request. Patterns are "/api/v4/projects/:id/pipelines"; a last segment
/// "*rest" takes all that follows. Literal segments win over ":name". Matching is case-sensitive
/// but for patterns added with `ignoreCase` (Rancher lower-cases whole URLs). Handlers run on the
/// lab's thread and must not block.
class Router
{
public:
    Router();
    ~Router();
    Router(Router &&) noexcept;
    Router &operator=(Router &&) noexcept;

    void add(std::string_view method, std::string_view pattern, Handler handler,
        RouteOptions options = {});
    /// The headers of the check's 101 go into the handshake's answer (Sec-WebSocket-Protocol).
    void addSocket(std::string_view pattern, UpgradeCheck check, SocketHandler handler,
        RouteOptions options = {});
    /// Asked for every request, also upgrades, whose path begins with `prefix` ("/v2-beta"; whole
    /// segments, any case). The longest prefix wins.
    void addGuard(std::string_view prefix, Guard guard);
    /// Writes the answer of a request below `prefix` that no pattern takes (404), whose method none
    /// takes (405), or that the server refuses itself (400, 403, 413, 500): `status` says which.
    /// The longest prefix wins.
    using ErrorWriter = std::function<Response(const Request &, int status)>;
    void addErrorWriter(std::string_view prefix, ErrorWriter writer);
    [[nodiscard]] Response errorResponse(const Request &request, int status) const;
    [[nodiscard]] std::optional<Response> refusal(const Request &request) const;

    struct Match
    {
        const Handler *handler = nullptr;
        const UpgradeCheck *upgradeCheck = nullptr;
        const SocketHandler *socketHandler = nullptr;
        bool pathKnown = false; ///< the path exists with another method: 405
        std::size_t bodyLimit = 0; ///< 0 = the server's
    };
    /// Fills `request.parameters`. HEAD finds GET's handler when it has none of its own.
    [[nodiscard]] Match find(Request &request) const;

private:
    struct Node;
    struct Private;
    std::unique_ptr<Private> d;
};

} // namespace faultline::lab
