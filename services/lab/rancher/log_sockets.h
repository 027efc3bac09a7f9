// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/lab/docker/engine.h"
#include "services/lab/http/http_server.h"

#include <chrono>
#include <condition_variable>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

namespace faultline::lab {

/// What a token of a log socket allows.
struct LogRequest
{
    const Engine *engine = nullptr; ///< of the container; lives as long as the sockets
    std::string dockerId;
    ContainerLogOptions options;
};

/// The sockets that give containers' logs: text frames "01 line\n" (0 = terminal, 1 = stdout, 2 =
/// stderr), closed at the log's end. Each open one has a thread that waits for Docker. Lab thread.
class LogSockets
{
public:
    explicit LogSockets(Server &server);
    ~LogSockets();

    /// A token for one log, good for 300 s.
    [[nodiscard]] std::string grant(LogRequest request);
    [[nodiscard]] bool isGranted(const std::string &token);
    void serve(const std::string &token, const std::shared_ptr<WebSocketSession> &session);
    /// Ends every stream and joins its thread.
    void stop();

private:
    struct Grant
    {
        LogRequest request;
        std::chrono::steady_clock::time_point expires;
    };
    /// Shared with the thread of one stream.
    struct Stream
    {
        Cancellation cancellation;
        std::mutex mutex;
        std::condition_variable drained;
        std::thread thread;
    };

    void dropExpired();
    static void follow(const LogRequest &request, const std::shared_ptr<WebSocketSession> &session,
        Stream &stream);

    Server &m_server;
    std::map<std::string, Grant> m_grants;
    std::map<std::uint64_t, std::shared_ptr<Stream>> m_streams;
    std::uint64_t m_nextStream = 1;
};

} // namespace faultline::lab
