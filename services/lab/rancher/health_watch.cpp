// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/lab/rancher/health_watch.h"

#include <algorithm>

namespace faultline::lab {

namespace {

constexpr std::size_t probesAtOnce = 4;
constexpr std::int64_t shortestInterval = 100; // ms

/// Rancher's defaults, in ms where it is a time.
std::int64_t settingOf(const ContainerRecord &container, const char *name, std::int64_t fallback)
{
    return std::clamp<std::int64_t>(
        numberOf(objectOf(container.launchConfig, "healthCheck"), name, fallback), 1, 3'600'000);
}

HealthProbe probeOf(const ContainerRecord &container)
{
    HealthProbe probe;
    const Json &check = objectOf(container.launchConfig, "healthCheck");
    probe.address = container.address;
    probe.port = static_cast<std::uint16_t>(numberOf(check, "port"));
    probe.timeout = std::chrono::milliseconds(settingOf(container, "responseTimeout", 2000));
    if (const std::string line = textOf(check, "requestLine"); !line.empty())
        readRequestLine(line, probe);
    return probe;
}

bool isInitializing(const std::string &health)
{
    return health == "initializing" || health == "reinitializing";
}

} // namespace

HealthWatch::HealthWatch(ResourceStore &store, Server &server)
    : m_store(store)
    , m_server(server)
    , m_probes(probesAtOnce)
{
}

void HealthWatch::stop()
{
    m_probes.stop();
    m_watched.clear();
}

void HealthWatch::changed(std::int64_t id)
{
    const ContainerRecord *container = m_store.container(id);
    const bool isDue = container != nullptr && container->removed == 0
        && container->state == "running" && container->hasHealthCheck()
        && !container->address.empty();
    const auto known = m_watched.find(id);
    if (!isDue) {
        if (known != m_watched.end())
            m_watched.erase(known);
        return;
    }
    if (known != m_watched.end())
        return;
    Watched &watched = m_watched[id];
    watched.generation = ++m_generation;
    watched.since = nowMs();
    ask(id);
}

void HealthWatch::ask(std::int64_t id)
{
    const ContainerRecord *container = m_store.container(id);
    const auto found = m_watched.find(id);
    if (container == nullptr || found == m_watched.end())
        return;
    const std::chrono::milliseconds interval(
        std::max(settingOf(*container, "interval", 2000), shortestInterval));
    found->second.next = m_server.after(interval, [this, id] { ask(id); });
    if (found->second.isAsking)
        return; // slower than its interval: one question at a time
    found->second.isAsking = true;
    m_probes.run([this, id, generation = found->second.generation, probe = probeOf(*container)] {
        const bool good = isAnswering(probe);
        m_server.post([this, id, generation, good] { answered(id, generation, good); });
    });
}

void HealthWatch::answered(std::int64_t id, std::uint64_t generation, bool good)
{
    const auto found = m_watched.find(id);
    const ContainerRecord *container = m_store.container(id);
    if (found == m_watched.end() || found->second.generation != generation || container == nullptr)
        return;
    Watched &watched = found->second;
    watched.isAsking = false;
    watched.good = good ? watched.good + 1 : 0;
    watched.bad = good ? 0 : watched.bad + 1;
    const std::string health = container->health;
    const char *limit
        = health == "reinitializing" ? "reinitializingTimeout" : "initializingTimeout";
    const bool isLate = nowMs() - watched.since > settingOf(*container, limit, 60'000);
    if (health != "healthy" && watched.good >= settingOf(*container, "healthyThreshold", 2))
        become(id, "healthy");
    else if (health == "healthy" && watched.bad >= settingOf(*container, "unhealthyThreshold", 3))
        become(id, "unhealthy");
    else if (isInitializing(health) && isLate)
        become(id, "unhealthy");
}

void HealthWatch::become(std::int64_t id, const char *health)
{
    m_store.changeContainer(
        id, [health](ContainerRecord &container) { container.health = health; });
    if (std::string_view(health) == "unhealthy" && onUnhealthy)
        onUnhealthy(id);
    else if (std::string_view(health) == "healthy" && onHealthy)
        onHealthy(id);
}

} // namespace faultline::lab
