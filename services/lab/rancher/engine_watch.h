// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/lab/rancher/container_control.h"

#include <functional>
#include <optional>
#include <string>
#include <thread>

namespace faultline::lab {

/// Follows one engine's events on a thread of its own and tells the lab thread; connects again when
/// the engine went away, and then looks at every container anew, so that nothing that happened
/// meanwhile is missed.
class EngineWatch
{
public:
    /// The engine's description (GET /info) when it answers; false: it is not to be used.
    std::function<bool(const Json &info)> onUp;
    /// Why it does not answer.
    std::function<void(const std::string &reason)> onDown;

    EngineWatch(std::string instance, ResourceStore &store, ContainerControl &containers,
        LabHost &host, Workers &workers, Server &server);
    ~EngineWatch();

    void start();
    void stop(); ///< joins the thread

private:
    struct Sighting
    {
        std::string uuid;
        std::string dockerId;
        std::optional<Observation> seen; ///< nothing: it is there, but did not tell its state
    };

    void follow();
    void lookAround();
    [[nodiscard]] bool tryToLookAround();
    void received(const Json &event);
    void apply(const std::string &uuid, const std::string &action, const Observation &seen);
    void resynced(const std::vector<Sighting> &sightings, const Json &info, std::int64_t at);
    void lookAgain(std::int64_t id, const std::string &dockerId);
    void removeOrphan(const std::string &dockerId);
    [[nodiscard]] bool waitBeforeNextTry(int tries) const;

    std::string m_instance;
    ResourceStore &m_store;
    ContainerControl &m_containers;
    const std::int64_t m_hostId;
    ContainerWork &m_work;
    Workers &m_workers;
    Server &m_server;
    Cancellation m_cancellation;
    std::thread m_thread;
};

} // namespace faultline::lab
