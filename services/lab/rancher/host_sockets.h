// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/lab/docker/byte_tunnel.h"
#include "services/lab/docker/engine.h"
#include "services/lab/http/http_server.h"
#include "services/lab/http/workers.h"

#include <chrono>
#include <condition_variable>
#include <map>
#include <memory>
#include <string>
#include <thread>
#include <variant>
#include <vector>

namespace faultline::lab {

/// What a token of a host socket allows.
struct ExecGrant
{
    const Engine *engine = nullptr; ///< every engine lives as long as the sockets
    std::string dockerId;
    Engine::ExecOptions options;
};
struct DockerGrant
{
    const Engine *engine = nullptr;
};
struct StatsGrant
{
    struct Source
    {
        const Engine *engine = nullptr; ///< null: the host itself
        std::string dockerId;
        std::string label; ///< the entry's id in frames
    };
    std::vector<Source> sources;
};
using HostGrant = std::variant<ExecGrant, DockerGrant, StatsGrant>;

/// The sockets of execute, dockersocket and stats. Tokens live 300 s; at most 256 sockets are open,
/// each with a thread that waits for Docker. Lab thread.
class HostSockets
{
public:
    explicit HostSockets(Server &server);
    ~HostSockets();

    [[nodiscard]] std::string grant(HostGrant grant);
    /// Answers an upgrade: 101 (with the subprotocol `binary` when it was offered), or 401, or 503
    /// when too many sockets are open.
    [[nodiscard]] Response checkUpgrade(const Request &request);
    void serve(const Request &request, const std::shared_ptr<WebSocketSession> &session);
    /// Ends every socket and joins its thread.
    void stop();

private:
    struct Kept
    {
        HostGrant grant;
        std::chrono::steady_clock::time_point expires;
    };
    struct Open
    {
        Cancellation cancellation;
        TunnelInput input;
        std::mutex mutex;
        std::condition_variable drained;
        const Engine *engine = nullptr; ///< of a command
        std::string execId; ///< once it is known; guarded by the mutex
        std::thread thread;
    };
    using Session = std::shared_ptr<WebSocketSession>;

    void dropExpired();
    void listen(
        const Session &session, const std::shared_ptr<Open> &open, bool isBinary, bool isTty);
    void resize(const std::shared_ptr<Open> &open, std::string_view size);
    static void runExec(const ExecGrant &grant, const Session &session, Open &open, bool isBinary);
    static void runDocker(
        const DockerGrant &grant, const Session &session, Open &open, bool isBinary);
    static void runStats(const StatsGrant &grant, const Session &session, Open &open);
    static bool send(const Session &session, Open &open, std::string_view bytes, bool isBinary);

    Server &m_server;
    Workers m_resizes;
    std::map<std::string, Kept> m_grants;
    std::map<std::uint64_t, std::shared_ptr<Open>> m_open;
    std::uint64_t m_next = 1;
};

} // namespace faultline::lab
