// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/lab/rancher/container_work.h"

#include <chrono>
#include <ctime>

namespace faultline::lab {

namespace {

constexpr std::chrono::milliseconds pullPatience = std::chrono::seconds(20);

DockerState stateOf(const Json &state)
{
    const std::string status = textOf(state, "Status");
    if (status == "running" || status == "restarting")
        return DockerState::Running;
    if (status == "paused")
        return DockerState::Paused;
    return status == "created" ? DockerState::Created : DockerState::Exited;
}

/// "2026-01-02T03:04:05.678Z" to milliseconds; 0 for Docker's year 1.
std::int64_t parsedTime(const std::string &text)
{
    std::tm parts{};
    if (strptime(text.c_str(), "%Y-%m-%dT%H:%M:%S", &parts) == nullptr || parts.tm_year < 100)
        return 0;
    return static_cast<std::int64_t>(timegm(&parts)) * 1000;
}

Json publishedPorts(const Json &ports)
{
    Json list = Json::array();
    for (const auto &[port, bindings] : ports.items()) {
        if (!bindings.is_array())
            continue;
        for (const Json &binding : bindings)
            list.push_back(
                textOf(binding, "HostIp") + ":" + textOf(binding, "HostPort") + ":" + port);
    }
    return list;
}

Observation observed(const Json &inspected, std::int64_t at)
{
    Observation seen;
    seen.at = at;
    seen.dockerId = textOf(inspected, "Id");
    const Json &state = objectOf(inspected, "State");
    seen.state = stateOf(state);
    seen.exitCode = static_cast<int>(numberOf(state, "ExitCode"));
    seen.startedAt = parsedTime(textOf(state, "StartedAt"));
    const Json &settings = objectOf(inspected, "NetworkSettings");
    for (const auto &[name, network] : objectOf(settings, "Networks").items()) {
        if (seen.address.empty())
            seen.address = textOf(network, "IPAddress");
    }
    seen.ports = publishedPorts(objectOf(settings, "Ports"));
    return seen;
}

/// "registry.example.com/a", "host:5000/a", "localhost/a": the part before the first "/" names a
/// host.
bool namesRegistry(const std::string &image)
{
    const std::size_t slash = image.find('/');
    if (slash == std::string::npos)
        return false;
    const std::string host = image.substr(0, slash);
    return host.find('.') != std::string::npos || host.find(':') != std::string::npos
        || host == "localhost";
}

} // namespace

std::int64_t nowNs()
{
    using namespace std::chrono;
    return duration_cast<nanoseconds>(system_clock::now().time_since_epoch()).count();
}

ContainerWork::ContainerWork(const Engine &engine)
    : m_engine(engine)
{
}

FromEngine<void> ContainerWork::ensureImage(const std::string &image) const
{
    const auto present = m_engine.image(image);
    if (present)
        return {};
    if (!present.error().isNotFound() || !namesRegistry(image))
        return tl::make_unexpected(present.error());
    return m_engine.pullImage(image, pullPatience);
}

FromEngine<void> ContainerWork::ensureNetwork(const ContainerPlan &plan)
{
    if (plan.network.empty())
        return {};
    std::unique_lock lock(m_networksMutex);
    m_networkMade.wait(lock, [&] { return m_making.count(plan.network) == 0; });
    if (m_networks.count(plan.network) != 0)
        return {};
    m_making.insert(plan.network);
    lock.unlock(); // other stacks don't wait for this one's network
    const auto created = m_engine.createNetwork(plan.network, plan.networkLabels);
    const bool isThere = created || created.error().status == 409;
    lock.lock();
    m_making.erase(plan.network);
    if (isThere)
        m_networks.insert(plan.network);
    m_networkMade.notify_all();
    if (!isThere)
        return tl::make_unexpected(created.error());
    return {};
}

FromEngine<Observation> ContainerWork::create(const ContainerPlan &plan)
{
    if (auto image = ensureImage(plan.image); !image)
        return tl::make_unexpected(image.error());
    if (auto network = ensureNetwork(plan); !network)
        return tl::make_unexpected(network.error());
    for (const auto &[name, labels] : plan.volumes) {
        if (auto volume = m_engine.createVolume(name, labels); !volume)
            return tl::make_unexpected(volume.error());
    }
    const auto id = m_engine.createContainer(plan.name, containerBody(plan));
    if (!id && id.error().status == 409) {
        // An earlier try whose answer was lost: the name holds a part of the container's uuid.
        const auto earlier = look(plan.name);
        if (earlier && earlier->state != DockerState::None)
            return earlier;
    }
    if (!id)
        return tl::make_unexpected(id.error());
    return look(*id);
}

FromEngine<Observation> ContainerWork::look(const std::string &dockerId) const
{
    const std::int64_t at = nowNs();
    const auto inspected = m_engine.inspect(dockerId);
    if (inspected)
        return observed(*inspected, at);
    if (!inspected.error().isNotFound())
        return tl::make_unexpected(inspected.error());
    Observation gone;
    gone.at = at;
    return gone;
}

FromEngine<Observation> ContainerWork::start(const std::string &dockerId) const
{
    return m_engine.start(dockerId).and_then([&] { return look(dockerId); });
}

FromEngine<Observation> ContainerWork::stop(
    const std::string &dockerId, std::chrono::seconds grace) const
{
    return m_engine.stop(dockerId, grace).and_then([&] { return look(dockerId); });
}

FromEngine<Observation> ContainerWork::restart(
    const std::string &dockerId, std::chrono::seconds grace) const
{
    return m_engine.restart(dockerId, grace).and_then([&] { return look(dockerId); });
}

FromEngine<void> ContainerWork::remove(
    const std::string &dockerId, std::chrono::seconds grace) const
{
    const auto stopped = m_engine.stop(dockerId, grace);
    if (!stopped && stopped.error().isUnreachable())
        return stopped;
    // Whatever kept it from stopping, removal by force also ends a paused or half-dead one.
    const auto removed = m_engine.remove(dockerId, true, true);
    const bool underWay = !removed && removed.error().status == 409
        && removed.error().message.find("already in progress") != std::string::npos;
    if (removed || removed.error().isNotFound() || underWay)
        return {};
    return removed;
}

FromEngine<void> ContainerWork::removeStackLeftovers(const std::string &stackLabel)
{
    const auto networks = m_engine.networks(stackLabel);
    if (!networks)
        return tl::make_unexpected(networks.error());
    for (const Json &network : *networks) {
        const auto removed = m_engine.removeNetwork(textOf(network, "Id"));
        if (!removed && !removed.error().isNotFound())
            return removed;
        const std::lock_guard lock(m_networksMutex);
        m_networks.erase(textOf(network, "Name"));
    }
    const auto volumes = m_engine.volumes(stackLabel);
    if (!volumes)
        return tl::make_unexpected(volumes.error());
    for (const Json &volume : *volumes) {
        const auto removed = m_engine.removeVolume(textOf(volume, "Name"));
        if (!removed && !removed.error().isNotFound())
            return removed;
    }
    return {};
}

} // namespace faultline::lab
