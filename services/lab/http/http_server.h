// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/lab/http/router.h"

#include <tl/expected.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace faultline::lab {

/// Where the server listens and what it bears.
struct ServerOptions
{
    std::string address
        = "127.0.0.1"; ///< an IP address; anything but loopback needs allowOtherAddresses
    std::uint16_t port = 7480; ///< 0: any free one
    bool allowOtherAddresses = false;
    std::vector<std::string> hostNames; ///< accepted in Host and Origin beside the loopback names
    std::size_t bodyLimit
        = 64U << 20U; ///< bytes; RouteOptions::bodyLimit overrides it for one pattern
    std::size_t headerLimit = 64U << 10U; ///< bytes
    std::chrono::milliseconds headerTimeout{
        10'000
    }; ///< from the first byte of a request to its last header
    std::chrono::milliseconds idleTimeout{
        60'000
    }; ///< between requests, and between two reads of a body
    std::size_t maxConnections = 1000; ///< further ones are closed at once
    std::size_t socketFrames = 8192; ///< queued WebSocket frames before a reader is dropped
    std::size_t socketBytes = 64U << 20U; ///< queued WebSocket bytes before a reader is dropped
};

/// A running timer; destroying it stops it. Create, cancel and destroy it on the lab's thread
/// (or after the server has stopped).
class Timer
{
public:
    struct State;

    Timer();
    explicit Timer(std::shared_ptr<State> state);
    ~Timer();
    Timer(Timer &&) noexcept;
    Timer &operator=(Timer &&other) noexcept;

    void cancel();
    [[nodiscard]] bool isRunning() const;

private:
    std::shared_ptr<State> m_state;
};

/// The lab's HTTP server and event loop: one thread, the "lab thread", on which every handler,
/// socket callback and timer runs. A request with a foreign Host or Origin is answered with 403
/// (DNS rebinding, other web pages).
class Server
{
public:
    /// The router may still be filled until start(); it must outlive the server.
    Server(ServerOptions options, Router &router);
    ~Server();
    Server(const Server &) = delete;
    Server &operator=(const Server &) = delete;

    /// Binds. Gives the port, or why not ("address in use", …) for a person.
    [[nodiscard]] tl::expected<std::uint16_t, std::string> listen();
    /// Starts the lab thread and accepts connections. After listen().
    void start();
    /// Closes every connection and joins the lab thread; what was posted and did not run yet is
    /// dropped. Not from the lab thread.
    void stop();

    [[nodiscard]] std::uint16_t port() const;
    /// "http://127.0.0.1:7480", once listening.
    [[nodiscard]] std::string url() const;

    /// Runs `work` on the lab thread, later, in the order of posting. Any thread.
    void post(std::function<void()> work);
    /// True on the lab thread.
    [[nodiscard]] bool isLabThread() const;
    /// Runs `work` once after `delay`. Lab thread, or before start().
    [[nodiscard]] Timer after(std::chrono::milliseconds delay, std::function<void()> work);
    /// Runs `work` every `interval`, first after one interval. Lab thread, or before start().
    [[nodiscard]] Timer every(std::chrono::milliseconds interval, std::function<void()> work);

    [[nodiscard]] std::size_t connectionCount() const;

private:
    struct Private;
    std::unique_ptr<Private> d;
};

} // namespace faultline::lab
