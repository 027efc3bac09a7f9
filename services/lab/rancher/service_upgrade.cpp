// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/lab/rancher/service_upgrade.h"

#include "services/lab/rancher/service_parts.h"
#include "services/lab/store/random_text.h"

#include <algorithm>

namespace faultline::lab {

namespace {

constexpr int removalStopSeconds = 2;

const Json &strategyOf(const ServiceRecord &service)
{
    return objectOf(service.upgrade, "inServiceStrategy");
}

bool isRunningWell(const ContainerRecord &container)
{
    return isSettled(container) && (container.health.empty() || container.health == "healthy");
}

} // namespace

ServiceUpgrade::ServiceUpgrade(ResourceStore &store, ContainerControl &containers, Server &server)
    : m_store(store)
    , m_containers(containers)
    , m_server(server)
{
}

void ServiceUpgrade::begin(std::int64_t id, const Json &strategy)
{
    m_pauses.erase(id);
    m_batchDone.erase(id);
    m_store.changeService(id, [&strategy](ServiceRecord &service) {
        Json kept = strategy;
        kept["previousLaunchConfig"] = service.launchConfig;
        kept["previousSecondaryLaunchConfigs"] = service.secondaryLaunchConfigs;
        // A new version, also when nothing else differs: that forces new containers.
        const std::string version = randomUuid();
        kept["launchConfig"]["version"] = version;
        for (Json &config : kept["secondaryLaunchConfigs"])
            config["version"] = version;
        service.launchConfig = kept["launchConfig"];
        service.secondaryLaunchConfigs = kept["secondaryLaunchConfigs"];
        service.upgrade = { { "type", "serviceUpgrade" }, { "inServiceStrategy", kept },
            { "toServiceStrategy", nullptr } };
        service.error.clear();
        service.state = "upgrading";
    });
    advance(id);
}

void ServiceUpgrade::finish(std::int64_t id)
{
    m_store.changeService(id, [](ServiceRecord &service) { service.state = "finishing-upgrade"; });
    advance(id);
}

void ServiceUpgrade::rollBack(std::int64_t id)
{
    m_pauses.erase(id);
    m_store.changeService(id, [](ServiceRecord &service) {
        const Json strategy = strategyOf(service);
        service.launchConfig = objectOf(strategy, "previousLaunchConfig");
        service.secondaryLaunchConfigs = arrayOf(strategy, "previousSecondaryLaunchConfigs");
        service.error.clear();
        service.state = "rolling-back";
    });
    advance(id);
}

void ServiceUpgrade::cancel(std::int64_t id)
{
    m_pauses.erase(id);
    m_store.changeService(id, [](ServiceRecord &service) { service.state = "canceling-upgrade"; });
    m_store.changeService(id, [](ServiceRecord &service) { service.state = "canceled-upgrade"; });
}

void ServiceUpgrade::resume(std::int64_t id)
{
    m_store.changeService(id, [](ServiceRecord &service) { service.state = "upgrading"; });
    advance(id);
}

void ServiceUpgrade::advance(std::int64_t id)
{
    const ServiceRecord *service = m_store.service(id);
    if (service == nullptr)
        return;
    if (service->state == "upgrading")
        return advanceUpgrade(*service);
    if (service->state == "rolling-back")
        return advanceRollback(*service);
    if (service->state != "finishing-upgrade")
        return;
    for (const std::int64_t container : retiredContainers(m_store, id))
        m_containers.remove(container, removalStopSeconds);
    const auto all = m_store.containersOfService(id);
    const bool clean = std::none_of(all.begin(), all.end(),
        [this](std::int64_t container) { return m_store.container(container)->retired; });
    if (clean) {
        m_store.changeService(id, [](ServiceRecord &record) {
            record.upgrade = nullptr;
            record.state = "active";
        });
    }
}

ServiceUpgrade::Places ServiceUpgrade::placesOf(const ServiceRecord &service) const
{
    Places places;
    for (const std::int64_t id : countedContainers(m_store, service.id)) {
        const ContainerRecord &container = *m_store.container(id);
        Place &place = places[container.position];
        (isPresentVersion(service, container) ? place.fresh : place.old).push_back(id);
    }
    for (const std::int64_t id : retiredContainers(m_store, service.id))
        places[m_store.container(id)->position].put.push_back(id);
    return places;
}

bool ServiceUpgrade::isFresh(const ServiceRecord &service, const Place &place) const
{
    return place.fresh.size() >= partsOf(service).size()
        && std::all_of(place.fresh.begin(), place.fresh.end(),
            [this](std::int64_t id) { return isRunningWell(*m_store.container(id)); });
}

bool ServiceUpgrade::isDone(const ServiceRecord &service, const Place &place) const
{
    return place.old.empty() && isFresh(service, place)
        && std::all_of(place.put.begin(), place.put.end(), [this](std::int64_t id) {
               const std::string &state = m_store.container(id)->state;
               return state == "stopped" || state == "error";
           });
}

bool ServiceUpgrade::hasBegun(const Place &place) const
{
    return !place.fresh.empty() || !place.put.empty();
}

void ServiceUpgrade::putAway(std::int64_t id)
{
    m_store.changeContainer(id, [](ContainerRecord &container) { container.retired = true; });
    m_containers.stop(id, stopSecondsOf(*m_store.container(id)));
}

void ServiceUpgrade::addFresh(const ServiceRecord &service, int position)
{
    const Places places = placesOf(service);
    const auto place = places.find(position);
    for (const ServicePart &part : partsOf(service)) {
        const bool isThere = place != places.end()
            && std::any_of(place->second.fresh.begin(), place->second.fresh.end(),
                [&](std::int64_t id) { return m_store.container(id)->part == part.name; });
        if (!isThere)
            m_containers.drive(m_store.add(newContainer(m_store, service, position, part)).id);
    }
}

void ServiceUpgrade::advancePlace(const ServiceRecord &service, int position, const Place &place)
{
    const bool startsFirst = truthOf(strategyOf(service), "startFirst");
    const bool stillStopping = std::any_of(place.put.begin(), place.put.end(), [this](auto id) {
        const std::string &state = m_store.container(id)->state;
        return state != "stopped" && state != "error";
    });
    const std::vector<std::int64_t> old = place.old;
    if (startsFirst ? isFresh(service, place) : !old.empty()) {
        for (const std::int64_t id : old)
            putAway(id);
        return;
    }
    if (startsFirst || (old.empty() && !stillStopping))
        addFresh(service, position);
}

void ServiceUpgrade::advanceUpgrade(const ServiceRecord &service)
{
    const std::int64_t id = service.id;
    const Places places = placesOf(service);
    std::size_t done = 0;
    std::vector<int> begun;
    std::vector<int> waiting;
    for (const auto &[position, place] : places) {
        if (isDone(service, place))
            ++done;
        else if (hasBegun(place))
            begun.push_back(position);
        else
            waiting.push_back(position);
    }
    if (done == places.size()) {
        m_pauses.erase(id);
        m_batchDone.erase(id);
        m_store.changeService(id, [](ServiceRecord &record) { record.state = "upgraded"; });
        return;
    }
    if (const auto pause = m_pauses.find(id); pause != m_pauses.end() && pause->second.isRunning())
        return;
    if (begun.empty() && done > 0 && m_batchDone[id] != done) {
        m_batchDone[id] = done;
        const std::chrono::milliseconds interval(
            numberOf(strategyOf(service), "intervalMillis", 2000));
        m_pauses[id] = m_server.after(interval, [this, id] {
            if (onPauseOver)
                onPauseOver(id);
        });
        return;
    }
    const auto batch = static_cast<std::size_t>(
        std::max<std::int64_t>(numberOf(strategyOf(service), "batchSize", 1), 1));
    if (begun.empty())
        begun.assign(waiting.begin(),
            waiting.begin() + static_cast<std::ptrdiff_t>(std::min(batch, waiting.size())));
    for (const int position : begun)
        advancePlace(service, position, places.at(position));
}

void ServiceUpgrade::advanceRollback(const ServiceRecord &service)
{
    const std::int64_t id = service.id;
    for (const auto &[position, place] : placesOf(service)) {
        // What is "old" here is of the version that is given up.
        for (const std::int64_t container : place.old)
            m_containers.remove(container, removalStopSeconds);
        for (const std::int64_t container : place.put) {
            const ContainerRecord &record = *m_store.container(container);
            if (!isPresentVersion(service, record)) {
                m_containers.remove(container, removalStopSeconds);
                continue;
            }
            m_store.changeContainer(container, [](ContainerRecord &back) { back.retired = false; });
            m_containers.start(container);
        }
    }
    const auto all = m_store.containersOfService(id);
    const bool isBack = std::all_of(all.begin(), all.end(), [&](std::int64_t container) {
        const ContainerRecord &record = *m_store.container(container);
        return record.wanted != Wanted::Removed && isSettled(record);
    });
    if (isBack) {
        m_store.changeService(id, [](ServiceRecord &record) {
            record.upgrade = nullptr;
            record.state = "active";
        });
    }
}

} // namespace faultline::lab
