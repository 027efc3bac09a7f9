// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/lab/http/http_server.h"
#include "services/lab/http/workers.h"

#include <tl/expected.hpp>

#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace faultline::lab {

/// The Rancher half of the lab: stacks as containers on one or more Docker Engines, behind
/// Rancher 1.6's v2-beta API. State is in `rancher.db` below the state directory and in the labels
/// of the containers.
class RancherSide
{
public:
    struct Options
    {
        std::filesystem::path stateDirectory;
        std::vector<std::string> dockerHosts; ///< "unix:///var/run/docker.sock"; each is a host
        std::chrono::milliseconds disconnectedAfter = std::chrono::seconds(180); ///< as Rancher
        std::string instance; ///< marks everything that this lab makes; the same after a restart
        std::string accessKey;
        std::string secretKey;
        std::string projectName = "lab";
    };

    /// Called on the lab's thread when an engine is reached or lost, with a sentence for a person.
    std::function<void(bool up, const std::string &words)> onEngine;

    /// Adds its routes. Server, router and workers must outlive this object.
    RancherSide(Options options, Server &server, Router &router, Workers &workers);
    ~RancherSide();
    RancherSide(const RancherSide &) = delete;
    RancherSide &operator=(const RancherSide &) = delete;

    /// Reads what was stored and begins to watch the engine. Before Server::start() or on the lab's
    /// thread.
    [[nodiscard]] tl::expected<void, std::string> start();
    /// Ends sockets and threads; the containers go on. After Server::stop() and Workers::stop().
    /// Idempotent.
    void stop();

    /// Asks for the removal of every stack and standalone container. Lab thread.
    void removeEverything();
    /// True when nothing that was created is left. Lab thread.
    [[nodiscard]] bool isEmpty() const;

private:
    struct Parts;
    std::unique_ptr<Parts> m_parts;
};

} // namespace faultline::lab
