// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/lab/docker/cancellation.h"

#include <nlohmann/json.hpp>
#include <tl/expected.hpp>

#include <chrono>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace faultline::lab {

using Json = nlohmann::json;

struct EngineError
{
    int status = 0; ///< HTTP status; 0: no engine answered
    std::string message; ///< the engine's own words, or why it can't be reached

    [[nodiscard]] bool isUnreachable() const { return status == 0; }
    [[nodiscard]] bool isNotFound() const { return status == 404; }
};

template <typename T>
using FromEngine = tl::expected<T, EngineError>;

struct ContainerLogOptions
{
    bool follow = false;
    bool timestamps = false;
    int tail = -1; ///< lines; -1 = all
    std::string since; ///< unix time or RFC 3339; empty = from the beginning
    bool tty = false; ///< the container has a terminal: its log is one plain stream
};

enum class LogStream { Combined, Stdout, Stderr };

/// A client of one Docker Engine (API 1.41) on a unix socket. Every function blocks and may be
/// called from any thread at the same time; use Workers. A 304 ("already so") counts as success.
class Engine
{
public:
    using Labels = std::map<std::string, std::string>;

    /// `host` as in DOCKER_HOST: "unix:///var/run/docker.sock".
    explicit Engine(std::string host);

    [[nodiscard]] const std::string &host() const { return m_host; }
    [[nodiscard]] const std::string &socketPath() const { return m_socket; }
    /// Ends every request, now and later, as if no engine answered. Any thread.
    void abandon() const { m_abandoned.cancel(); }

    [[nodiscard]] FromEngine<void> ping() const;
    [[nodiscard]] FromEngine<Json> version() const;
    [[nodiscard]] FromEngine<Json> info() const;

    [[nodiscard]] FromEngine<Json> image(const std::string &name) const;
    [[nodiscard]] FromEngine<Json> images() const;
    /// Gives up after `patience` without progress.
    [[nodiscard]] FromEngine<void> pullImage(
        const std::string &name, std::chrono::milliseconds patience) const;

    [[nodiscard]] FromEngine<std::string> createNetwork(
        const std::string &name, const Labels &labels) const;
    [[nodiscard]] FromEngine<void> removeNetwork(const std::string &nameOrId) const;
    [[nodiscard]] FromEngine<Json> networks(const std::string &label) const;
    [[nodiscard]] FromEngine<void> createVolume(
        const std::string &name, const Labels &labels) const;
    [[nodiscard]] FromEngine<void> removeVolume(const std::string &name) const;
    [[nodiscard]] FromEngine<Json> volumes(const std::string &label) const;

    /// Gives the id.
    [[nodiscard]] FromEngine<std::string> createContainer(
        const std::string &name, const Json &body) const;
    [[nodiscard]] FromEngine<void> start(const std::string &id) const;
    [[nodiscard]] FromEngine<void> stop(const std::string &id, std::chrono::seconds grace) const;
    [[nodiscard]] FromEngine<void> restart(const std::string &id, std::chrono::seconds grace) const;
    [[nodiscard]] FromEngine<void> kill(
        const std::string &id, const std::string &signal = "KILL") const;
    [[nodiscard]] FromEngine<void> pause(const std::string &id) const;
    [[nodiscard]] FromEngine<void> unpause(const std::string &id) const;
    [[nodiscard]] FromEngine<void> remove(const std::string &id, bool force, bool volumes) const;
    [[nodiscard]] FromEngine<Json> inspect(const std::string &id) const;
    /// All of them, also stopped ones, that carry `label` ("key" or "key=value").
    [[nodiscard]] FromEngine<Json> containers(const std::string &label) const;
    [[nodiscard]] FromEngine<Json> stats(const std::string &id) const; ///< one sample

    struct ExecOptions
    {
        std::vector<std::string> command;
        bool tty = true;
        bool attachStdin = true;
        bool attachStdout = true;
    };
    /// Prepares a command in a running container; gives its id.
    [[nodiscard]] FromEngine<std::string> createExec(
        const std::string &containerId, const ExecOptions &options) const;
    /// The request that starts it on a connection which then carries its bytes both ways.
    [[nodiscard]] static std::string execStart(const std::string &execId, bool tty);
    [[nodiscard]] FromEngine<void> resizeExec(
        const std::string &execId, int columns, int rows) const;

    /// Gives the log in pieces as they come, until the end, `receive` gives false, or cancelled.
    using LogReceiver = std::function<bool(LogStream stream, std::string_view bytes)>;
    [[nodiscard]] FromEngine<void> logs(const std::string &id, const ContainerLogOptions &options,
        const LogReceiver &receive, const Cancellation &cancellation) const;

    /// Gives events of containers that carry `label` until cancelled or the engine ends the stream.
    /// `connected` is called when the engine has accepted: what happens from then on will be seen.
    [[nodiscard]] FromEngine<void> events(const std::string &label,
        const std::function<void()> &connected, const std::function<void(const Json &)> &receive,
        const Cancellation &cancellation) const;

private:
    [[nodiscard]] FromEngine<Json> ask(const std::string &method, const std::string &target,
        const Json &body = nullptr,
        std::chrono::milliseconds patience = std::chrono::seconds(30)) const;
    [[nodiscard]] FromEngine<void> tell(const std::string &method, const std::string &target,
        const Json &body = nullptr,
        std::chrono::milliseconds patience = std::chrono::seconds(60)) const;

    std::string m_host;
    std::string m_socket;
    Cancellation m_abandoned;
};

} // namespace faultline::lab
