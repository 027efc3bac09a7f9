// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/lab/rancher/engine_watch.h"

#include "services/lab/rancher/container_plan.h"

#include <poll.h>

#include <algorithm>
#include <set>
#include <utility>

namespace faultline::lab {

namespace {

constexpr int firstWaitMs = 250;
constexpr int longestWaitMs = 5000;

} // namespace

EngineWatch::EngineWatch(std::string instance, ResourceStore &store, ContainerControl &containers,
    LabHost &host, Workers &workers, Server &server)
    : m_instance(std::move(instance))
    , m_store(store)
    , m_containers(containers)
    , m_hostId(host.id)
    , m_work(host.work)
    , m_workers(workers)
    , m_server(server)
{
}

EngineWatch::~EngineWatch()
{
    stop();
}

void EngineWatch::start()
{
    m_thread = std::thread([this] { follow(); });
}

void EngineWatch::stop()
{
    m_cancellation.cancel();
    if (m_thread.joinable())
        m_thread.join();
}

void EngineWatch::follow()
{
    int tries = 0;
    while (!m_cancellation.isCancelled()) {
        const auto connected = [this, &tries] {
            tries = 0;
            lookAround();
        };
        const auto ended = m_work.engine().events(
            instanceLabel + ("=" + m_instance), connected,
            [this](const Json &event) { received(event); }, m_cancellation);
        if (m_cancellation.isCancelled())
            return;
        const std::string reason = ended
            ? std::string("The Docker Engine ended its stream of events.")
            : ended.error().message;
        m_server.post([this, reason] {
            if (onDown)
                onDown(reason);
        });
        if (!waitBeforeNextTry(tries++))
            return;
    }
}

bool EngineWatch::waitBeforeNextTry(int tries) const
{
    pollfd watched{ m_cancellation.descriptor(), POLLIN, 0 };
    poll(&watched, 1, std::min(firstWaitMs << std::min(tries, 5), longestWaitMs));
    return !m_cancellation.isCancelled();
}

void EngineWatch::lookAround()
{
    for (int tries = 0; !tryToLookAround(); ++tries) {
        // An engine that went away ends the stream of events too; one that is only slow is asked
        // again.
        if (!m_work.engine().ping() || !waitBeforeNextTry(tries))
            return;
    }
}

bool EngineWatch::tryToLookAround()
{
    const std::int64_t at = nowNs();
    const auto info = m_work.engine().info();
    const auto listed = m_work.engine().containers(instanceLabel + ("=" + m_instance));
    if (!info || !listed)
        return false;
    std::vector<Sighting> sightings;
    for (const Json &container : *listed) {
        Sighting sighting{ textOf(objectOf(container, "Labels"), "io.rancher.container.uuid"),
            textOf(container, "Id"), std::nullopt };
        const auto seen = m_work.look(sighting.dockerId);
        if (seen && seen->state == DockerState::None)
            continue;
        if (seen)
            sighting.seen = *seen;
        sightings.push_back(std::move(sighting));
    }
    m_server.post([this, sightings, info = *info, at] { resynced(sightings, info, at); });
    return true;
}

void EngineWatch::resynced(
    const std::vector<Sighting> &sightings, const Json &info, std::int64_t at)
{
    if (onUp && !onUp(info))
        return;
    std::set<std::int64_t> present;
    for (const Sighting &sighting : sightings) {
        const ContainerRecord *container = m_store.containerByUuid(sighting.uuid);
        if (container == nullptr || container->removed != 0) {
            removeOrphan(sighting.dockerId);
            continue;
        }
        if (container->hostId != m_hostId) {
            // It was made elsewhere after all; the same one seen twice is left alone.
            if (!container->dockerId.empty() && container->dockerId != sighting.dockerId)
                removeOrphan(sighting.dockerId);
            continue;
        }
        present.insert(container->id);
        if (sighting.seen)
            m_containers.observe(container->id, *sighting.seen);
        else
            lookAgain(container->id, sighting.dockerId);
    }
    std::vector<std::int64_t> absent;
    for (const auto &[id, container] : m_store.containers()) {
        const bool isHere = container.hostId == m_hostId || container.hostId == 0;
        if (container.removed == 0 && isHere && present.count(id) == 0)
            absent.push_back(id);
    }
    for (const std::int64_t id : absent) {
        Observation gone;
        gone.at = at;
        m_containers.observe(id, gone);
    }
}

void EngineWatch::removeOrphan(const std::string &dockerId)
{
    m_workers.run([this, dockerId] {
        // What can't be removed now is found again by the next look.
        (void)m_work.remove(dockerId, std::chrono::seconds(0));
    });
}

void EngineWatch::received(const Json &event)
{
    const std::string action = textOf(event, "Action");
    const Json &actor = objectOf(event, "Actor");
    const Json &attributes = objectOf(actor, "Attributes");
    Observation seen;
    seen.at = numberOf(event, "timeNano");
    seen.dockerId = textOf(actor, "ID");
    if (action == "start" || action == "unpause")
        seen.state = DockerState::Running;
    else if (action == "pause")
        seen.state = DockerState::Paused;
    else if (action == "die")
        seen.state = DockerState::Exited;
    else if (action != "destroy")
        return;
    seen.exitCode = static_cast<int>(numberOf(attributes, "exitCode"));
    const std::string uuid = textOf(attributes, "io.rancher.container.uuid");
    m_server.post([this, uuid, action, seen] { apply(uuid, action, seen); });
}

void EngineWatch::apply(const std::string &uuid, const std::string &action, const Observation &seen)
{
    const ContainerRecord *container = m_store.containerByUuid(uuid);
    if (container == nullptr || container->removed != 0 || container->hostId != m_hostId)
        return;
    const std::int64_t id = container->id;
    m_containers.observe(id, seen);
    if (action == "start")
        lookAgain(id, seen.dockerId); // the event does not tell address and ports
}

void EngineWatch::lookAgain(std::int64_t id, const std::string &dockerId)
{
    m_workers.run([this, id, dockerId] {
        const auto seen = m_work.look(dockerId);
        if (seen && seen->state != DockerState::None)
            m_server.post([this, id, seen = *seen] { m_containers.observe(id, seen); });
    });
}

} // namespace faultline::lab
