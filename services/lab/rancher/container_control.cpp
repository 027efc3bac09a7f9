// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/lab/rancher/container_control.h"

#include "services/lab/rancher/container_plan.h"

#include <algorithm>
#include <utility>

namespace faultline::lab {

namespace {

/// A sidekick that shares the network or volumes of another container of its unit comes after it.
bool waitsForPartner(const ContainerRecord &container, const ResourceStore &store)
{
    std::vector<std::string> shared
        = textsOf(container.launchConfig, "dataVolumesFromLaunchConfigs");
    const std::string network = textOf(container.launchConfig, "networkLaunchConfig");
    if (!network.empty())
        shared.push_back(network);
    const ServiceRecord *service = store.service(container.serviceId);
    if (shared.empty() || service == nullptr)
        return false;
    return std::any_of(shared.begin(), shared.end(), [&](const std::string &part) {
        const auto ids = store.containersOfService(service->id);
        return std::none_of(ids.begin(), ids.end(), [&](std::int64_t id) {
            const ContainerRecord &other = *store.container(id);
            const bool isNamed
                = other.part == part || (other.part.empty() && service->name == part);
            const bool isReady
                = part == network ? other.state == "running" : !other.dockerId.empty();
            return isNamed && other.unit == container.unit && isReady;
        });
    });
}

} // namespace

ContainerControl::ContainerControl(std::string instance, ResourceStore &store, Hosts &hosts,
    Workers &workers, Workers &slow, Server &server)
    : m_instance(std::move(instance))
    , m_store(store)
    , m_hosts(hosts)
    , m_workers(workers)
    , m_slow(slow)
    , m_server(server)
{
}

ContainerControl::~ContainerControl() = default;

void ContainerControl::start(std::int64_t id)
{
    m_progress[id].failures = 0;
    m_progress[id].notBefore = 0;
    m_store.changeContainer(id, [](ContainerRecord &container) {
        container.wanted = Wanted::Running;
        container.error.clear();
        if (container.state == "error" || container.state == "stopped")
            container.state = container.dockerId.empty() ? "creating" : "starting";
    });
    drive(id);
}

void ContainerControl::stop(std::int64_t id, int graceSeconds)
{
    m_store.changeContainer(id, [graceSeconds](ContainerRecord &container) {
        container.wanted = Wanted::Stopped;
        container.restartWanted = false;
        container.stopSeconds = graceSeconds;
        if (container.state == "running" || container.state == "paused"
            || container.state == "starting")
            container.state = "stopping";
    });
    drive(id);
}

void ContainerControl::restart(std::int64_t id)
{
    m_store.changeContainer(id, [](ContainerRecord &container) {
        container.wanted = Wanted::Running;
        container.restartWanted = true;
        container.error.clear();
        container.state = "restarting";
    });
    drive(id);
}

void ContainerControl::remove(std::int64_t id, int graceSeconds)
{
    m_store.changeContainer(id, [graceSeconds](ContainerRecord &container) {
        if (container.wanted == Wanted::Removed)
            return;
        container.wanted = Wanted::Removed;
        container.restartWanted = false;
        container.stopSeconds = graceSeconds;
        container.error.clear();
        container.state = "removing";
    });
    drive(id);
}

void ContainerControl::placeWaiting()
{
    for (const auto &[id, container] : m_store.containers()) {
        if (container.removed == 0 && container.state == "error" && container.dockerId.empty()
            && container.wanted == Wanted::Running)
            start(id);
    }
}

bool ContainerControl::restartsByItself(const ContainerRecord &container) const
{
    if (container.startsOnce())
        return false;
    if (container.serviceId != 0)
        return true;
    const std::string policy = textOf(objectOf(container.launchConfig, "restartPolicy"), "name");
    return policy == "always" || policy == "unless-stopped"
        || (policy == "on-failure" && container.exitCode != 0);
}

void ContainerControl::drive(std::int64_t id)
{
    const ContainerRecord *container = m_store.container(id);
    if (container == nullptr || container->removed != 0)
        return;
    if (container->hostId == 0 ? !m_hosts.isAnyUp() : !m_hosts.isUp(container->hostId))
        return;
    Progress &progress = m_progress[id];
    if (progress.step != Step::None)
        return;
    switch (container->wanted) {
    case Wanted::Running:
        driveToRunning(*container, progress);
        break;
    case Wanted::Stopped:
        if (progress.docker == DockerState::Running || progress.docker == DockerState::Paused)
            begin(id, Step::Stop);
        else if (progress.docker == DockerState::None && container->error.empty())
            create(*container);
        else if (container->error.empty())
            m_store.changeContainer(id, [](ContainerRecord &record) { record.state = "stopped"; });
        break;
    case Wanted::Removed:
        if (progress.docker == DockerState::None && container->dockerId.empty())
            removedForGood(id);
        else
            begin(id, Step::Remove);
        break;
    }
}

void ContainerControl::driveToRunning(const ContainerRecord &container, Progress &progress)
{
    const std::int64_t id = container.id;
    if (progress.docker == DockerState::Running || progress.docker == DockerState::Paused) {
        if (container.restartWanted)
            begin(id, Step::Restart);
        return;
    }
    if (container.state == "error" && progress.notBefore == 0)
        return; // given up until someone starts it again
    if (nowMs() < progress.notBefore)
        return waitForNextTry(id, progress);
    if (waitsForPartner(container, m_store))
        return; // its service drives it again when the partner has changed
    m_store.changeContainer(id, [](ContainerRecord &record) { record.restartWanted = false; });
    if (progress.docker == DockerState::None)
        create(container);
    else
        begin(id, Step::Start);
}

void ContainerControl::create(const ContainerRecord &container)
{
    const std::int64_t id = container.id;
    if (container.hostId == 0) {
        const auto place = placeFor(container, m_store, m_hosts.places());
        if (!place)
            return failed(id, Step::Start, { 409, place.error() });
        m_store.changeContainer(id, [&place](ContainerRecord &record) { record.hostId = *place; });
    }
    begin(id, Step::Create);
}

std::string ContainerControl::processName(Step step)
{
    switch (step) {
    case Step::Create:
        return "instance.create";
    case Step::Start:
        return "instance.start";
    case Step::Stop:
        return "instance.stop";
    case Step::Restart:
        return "instance.restart";
    case Step::None:
    case Step::Remove:
        break;
    }
    return "instance.remove";
}

void ContainerControl::begin(std::int64_t id, Step step)
{
    m_progress[id].step = step;
    m_progress[id].wake.cancel();
    if (onBegin)
        m_progress[id].process = onBegin(processName(step), id);
    m_store.changeContainer(id, [step](ContainerRecord &container) {
        switch (step) {
        case Step::None:
            break;
        case Step::Create:
            container.state = "creating";
            break;
        case Step::Start:
            container.state = "starting";
            break;
        case Step::Stop:
            container.state = "stopping";
            break;
        case Step::Restart:
            container.state = "restarting";
            break;
        case Step::Remove:
            container.state = "removing";
            break;
        }
        if (step == Step::Create || step == Step::Start)
            container.error.clear();
        if (step == Step::Restart)
            container.restartWanted = false;
    });
    const ContainerRecord &container = *m_store.container(id);
    const std::string dockerId = container.dockerId;
    const std::chrono::seconds grace(container.stopSeconds);
    ContainerPlan plan
        = step == Step::Create ? containerPlan(container, m_store, m_instance) : ContainerPlan();
    const bool isSlow = step == Step::Stop || step == Step::Restart || step == Step::Remove;
    Workers &lane = isSlow ? m_slow : m_workers;
    ContainerWork &work = m_hosts.find(container.hostId)->work; // drive() has seen that it is up
    lane.run([this, &work, id, step, dockerId, grace, plan = std::move(plan)] {
        const auto outcome = [&]() -> FromEngine<Observation> {
            switch (step) {
            case Step::Create:
                return work.create(plan);
            case Step::Start:
                return work.start(dockerId);
            case Step::Stop:
                return work.stop(dockerId, grace);
            case Step::Restart:
                return work.restart(dockerId, grace);
            case Step::None:
            case Step::Remove:
                break;
            }
            return work.remove(dockerId, grace).map([] { return Observation(); });
        }();
        m_server.post([this, id, step, outcome] { ended(id, step, outcome); });
    });
}

void ContainerControl::ended(std::int64_t id, Step step, const FromEngine<Observation> &outcome)
{
    const ContainerRecord *container = m_store.container(id);
    if (container == nullptr || container->removed != 0)
        return;
    m_progress[id].step = Step::None;
    if (onEnd)
        onEnd(m_progress[id].process, outcome ? std::string() : outcome.error().message);
    if (!outcome)
        return failed(id, step, outcome.error());
    if (step == Step::Remove)
        return removedForGood(id);
    observe(id, *outcome);
}

void ContainerControl::removedForGood(std::int64_t id)
{
    m_progress.erase(id);
    m_store.changeContainer(id, [](ContainerRecord &container) {
        if (container.removed != 0)
            return;
        container.state = "removed";
        container.wanted = Wanted::Removed;
        container.removed = nowMs();
        container.address.clear();
        container.error.clear();
    });
}

void ContainerControl::observe(std::int64_t id, const Observation &seen)
{
    const ContainerRecord *container = m_store.container(id);
    if (container == nullptr || container->removed != 0)
        return;
    Progress &progress = m_progress[id];
    if (seen.at < progress.seenAt)
        return drive(id);
    const DockerState before = std::exchange(progress.docker, seen.state);
    progress.seenAt = seen.at;
    const bool awake = seen.state == DockerState::Running || seen.state == DockerState::Paused;
    const bool wasAwake = before == DockerState::Running || before == DockerState::Paused;
    if (seen.state == DockerState::None && progress.step != Step::Create
        && !container->dockerId.empty()) {
        if (progress.step == Step::None || container->wanted == Wanted::Removed)
            return removedForGood(id); // someone removed it under our hands
    }
    if (awake && !wasAwake)
        progress.startedAt = seen.startedAt != 0 ? seen.startedAt : nowMs();
    const Step step = progress.step;
    m_store.changeContainer(id, [&](ContainerRecord &record) {
        if (!seen.dockerId.empty())
            record.dockerId = seen.dockerId;
        if (!seen.address.empty())
            record.address = seen.address;
        if (!seen.ports.empty())
            record.ports = seen.ports;
        // Adopted after a restart of the lab, it is not another start.
        const bool sameRun = record.state == "running" || record.state == "paused";
        if (awake && !wasAwake && !sameRun && step != Step::Stop && step != Step::Remove)
            ++record.startCount;
        if (awake && !wasAwake && !sameRun && record.hasHealthCheck())
            record.health = record.startCount > 1 ? "reinitializing" : "initializing";
        if (record.wanted == Wanted::Removed)
            return;
        if (seen.state == DockerState::Running)
            record.state = step == Step::Stop ? "stopping" : "running";
        else if (seen.state == DockerState::Paused)
            record.state = "paused";
        else if (seen.state == DockerState::Exited)
            record.state = step == Step::Restart ? "restarting" : "stopped";
        if (awake)
            record.error.clear();
    });
    if (seen.state == DockerState::Exited)
        exited(id, seen);
    drive(id);
}

} // namespace faultline::lab
