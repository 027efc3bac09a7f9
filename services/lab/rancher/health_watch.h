// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/lab/http/http_server.h"
#include "services/lab/http/workers.h"
#include "services/lab/rancher/health_probe.h"
#include "services/lab/rancher/resource_store.h"

#include <cstdint>
#include <functional>
#include <map>

namespace faultline::lab {

/// Asks containers with a health check whether they answer, and moves their healthState along:
/// (re)initializing -> healthy <-> unhealthy, by the thresholds of the check. Lab thread.
class HealthWatch
{
public:
    HealthWatch(ResourceStore &store, Server &server);

    /// Called on each change to unhealthy.
    std::function<void(std::int64_t container)> onUnhealthy;
    /// Called on each change to healthy.
    std::function<void(std::int64_t container)> onHealthy;

    /// To be called after every change of a container: begins and ends its checks.
    void changed(std::int64_t id);
    /// Ends every check and joins the threads.
    void stop();

private:
    struct Watched
    {
        std::uint64_t generation = 0; ///< answers of an earlier run don't count
        std::int64_t since = 0; ///< ms: when it began to initialize
        int good = 0;
        int bad = 0;
        bool isAsking = false;
        Timer next;
    };

    void ask(std::int64_t id);
    void answered(std::int64_t id, std::uint64_t generation, bool good);
    void become(std::int64_t id, const char *health);

    ResourceStore &m_store;
    Server &m_server;
    Workers m_probes;
    std::map<std::int64_t, Watched> m_watched;
    std::uint64_t m_generation = 0;
};

} // namespace faultline::lab
