// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/lab/rancher/rancher_side.h"

#include "services/lab/rancher/api_containers.h"
#include "services/lab/rancher/api_hosts.h"
#include "services/lab/rancher/api_projects.h"
#include "services/lab/rancher/api_services.h"
#include "services/lab/rancher/api_stacks.h"
#include "services/lab/rancher/engine_watch.h"
#include "services/lab/rancher/health_watch.h"
#include "services/lab/rancher/journal.h"
#include "services/lab/rancher/rancher_api.h"
#include "services/lab/rancher/resource_json.h"
#include "services/lab/rancher/subscribe_hub.h"

#include <algorithm>
#include <iostream>
#include <map>
#include <set>

namespace faultline::lab {

namespace {

constexpr std::chrono::seconds forgetInterval(60);
constexpr std::int64_t rememberRemovedMs = 10 * 60 * 1000;
constexpr std::chrono::seconds hostRefresh(15);
constexpr std::size_t slowThreads = 24; ///< containers that are being stopped at the same time

} // namespace

struct RancherSide::Parts
{
    Parts(RancherSide &owner, Options chosen, Server &labServer, Router &labRouter,
        Workers &labWorkers);

    void addSockets();
    void wire();
    void changed(Kind kind, std::int64_t id);
    void markWaiting(std::int64_t stack);
    void watchEngine(LabHost &host);
    void hostLabelsChanged(std::int64_t id);
    void settle();
    void hostCameUp(LabHost &host);
    void hostWentDown(LabHost &host, const std::string &reason);
    void hostChanged(const LabHost &host);
    void refreshHosts();

    RancherSide &side;
    Options options;
    Server &server;
    Router &router;
    Workers &workers;
    Workers slow{ slowThreads };
    Journal journal;
    RancherApi api;
    SubscribeHub hub;
    LogSockets logs;
    HostSockets sockets;
    std::unique_ptr<ResourceStore> store;
    std::unique_ptr<Hosts> hosts;
    std::unique_ptr<ContainerControl> containers;
    std::unique_ptr<ServiceControl> services;
    std::unique_ptr<StackControl> stacks;
    std::unique_ptr<HealthWatch> health;
    std::vector<std::unique_ptr<EngineWatch>> watches;
    Timer forget;
    Timer refresh;
    std::map<std::int64_t, Timer> giveUp; // of engines that stay away
    std::set<std::int64_t> dirtyServices;
    std::set<std::int64_t> dirtyStacks;
    bool settlePosted = false;
};

RancherSide::Parts::Parts(
    RancherSide &owner, Options chosen, Server &labServer, Router &labRouter, Workers &labWorkers)
    : side(owner)
    , options(std::move(chosen))
    , server(labServer)
    , router(labRouter)
    , workers(labWorkers)
    , api({ options.accessKey, options.secretKey })
    , hub(server)
    , logs(server)
    , sockets(server)
{
    api.addRoutes(router);
    addSockets();
}

void RancherSide::Parts::addSockets()
{
    const RouteOptions anyCase{ true, 0 };
    const UpgradeCheck mayWatch = [this](const Request &request) {
        if (auto refusal = api.authRefusal(request))
            return *refusal;
        const auto scope = api.scopeOf(request);
        if (!scope)
            return errorAnswer(scope.error());
        Response accepted;
        accepted.status = 101;
        return accepted;
    };
    const SocketHandler watchChanges = [this](const Request &request,
                                           const std::shared_ptr<WebSocketSession> &session) {
        ApiScope scope{ request.origin, request.origin + "/v2-beta/projects/" + projectId, true };
        hub.add(scope, session);
    };
    for (const char *path : { "/v2-beta/projects/:project/subscribe", "/v2-beta/subscribe",
             "/v1/projects/:project/subscribe", "/v1/subscribe" })
        router.addSocket(path, mayWatch, watchChanges, anyCase);
    const UpgradeCheck mayReadLog = [this](const Request &request) {
        if (!logs.isGranted(std::string(request.queryValue("token"))))
            return errorAnswer(errorForStatus(401));
        Response accepted;
        accepted.status = 101;
        return accepted;
    };
    const SocketHandler readLog
        = [this](const Request &request, const std::shared_ptr<WebSocketSession> &session) {
              logs.serve(std::string(request.queryValue("token")), session);
          };
    router.addSocket("/v1/logs", mayReadLog, readLog, anyCase);
    router.addSocket("/v2-beta/logs", mayReadLog, readLog, anyCase);
    const UpgradeCheck mayOpen
        = [this](const Request &request) { return sockets.checkUpgrade(request); };
    const SocketHandler openSocket
        = [this](const Request &request, const std::shared_ptr<WebSocketSession> &session) {
              sockets.serve(request, session);
          };
    for (const char *path : { "/exec", "/dockersocket", "/containerstats", "/hoststats", "/stats",
             "/containerstats/service", "/hoststats/project" }) {
        for (const char *version : { "/v1", "/v2-beta" })
            router.addSocket(std::string(version) + path, mayOpen, openSocket, anyCase);
    }
}

void RancherSide::Parts::wire()
{
    hosts = std::make_unique<Hosts>(*store);
    hosts->open(options.dockerHosts, options.disconnectedAfter.count());
    containers = std::make_unique<ContainerControl>(
        options.instance, *store, *hosts, workers, slow, server);
    services = std::make_unique<ServiceControl>(*store, *containers, *hosts, server);
    health = std::make_unique<HealthWatch>(*store, server);
    stacks = std::make_unique<StackControl>(*store, *services, *hosts, workers, server);
    api.add(projectType(options.projectName, store->created(), *hosts, sockets));
    health->onUnhealthy = [this](std::int64_t id) { services->unhealthy(id); };
    health->onHealthy = [this](std::int64_t id) { services->healthy(id); };
    api.add(hostType(*hosts, *store, sockets, [this](std::int64_t id) { hostLabelsChanged(id); }));
    api.add(stackType(*store, *stacks));
    api.add(serviceType(*store, *services, *hosts, sockets));
    api.add(containerType(*store, *containers, *hosts, logs, sockets));
    ApiType instances = containerType(*store, *containers, *hosts, logs, sockets);
    instances.singular = "instance";
    instances.plural = "instances";
    instances.create = nullptr;
    api.add(std::move(instances));
    for (const Journal::Book book :
        { Journal::Book::Processes, Journal::Book::Audits, Journal::Book::ServiceLogs })
        api.add(journalType(journal, book));
    api.onChange = [this](const std::string &type, const std::string &id, const std::string &verb,
                       const Json &body, int status, const Json &answer) {
        journal.request(type, id, verb, body, status, answer);
    };
    containers->onBegin = [this](const std::string &name, std::int64_t id) {
        return journal.begin(name, "instance", id);
    };
    containers->onEnd
        = [this](std::int64_t process, const std::string &error) { journal.end(process, error); };
    store->onChanged = [this](Kind kind, std::int64_t id) { changed(kind, id); };
    store->onFailed = [](const std::string &error) {
        std::cerr << "faultline-lab: can't store a change: " << error << std::endl;
    };
    for (const auto &host : hosts->all())
        watchEngine(*host);
    forget = server.every(
        forgetInterval, [this] { store->forgetRemovedBefore(nowMs() - rememberRemovedMs); });
    refresh = server.every(hostRefresh, [this] { refreshHosts(); });
}

void RancherSide::Parts::watchEngine(LabHost &host)
{
    auto &watch = watches.emplace_back(std::make_unique<EngineWatch>(
        options.instance, *store, *containers, host, workers, server));
    watch->onUp = [this, &host](const Json &info) {
        const bool wasConnected = host.facts.connected;
        if (!hosts->cameUp(host, info)) {
            hostWentDown(host,
                host.engine.host()
                    + " is the same Docker Engine as another host's; each host "
                      "needs one of its own.");
            return false;
        }
        hostCameUp(host);
        if (!wasConnected && side.onEngine)
            side.onEngine(true,
                "Docker Engine " + textOf(info, "ServerVersion") + " at " + host.engine.host()
                    + ".");
        return true;
    };
    watch->onDown = [this, &host](const std::string &reason) { hostWentDown(host, reason); };
}

void RancherSide::Parts::changed(Kind kind, std::int64_t id)
{
    // A container's change shows in its service, and a service's in its stack. Those two are told
    // when they have settled, so that one change makes one frame.
    if (kind == Kind::Container) {
        hub.changed(publicId(kind, id), [this, kind, id](const ApiScope &scope) {
            return resourceJson(scope, *store, kind, id);
        });
        const ContainerRecord &container = *store->container(id);
        dirtyServices.insert(container.serviceId);
        dirtyStacks.insert(container.stackId);
        health->changed(id);
    } else if (kind == Kind::Service) {
        dirtyServices.insert(id);
        dirtyStacks.insert(store->service(id)->stackId);
        journal.serviceState(*store->service(id));
        markWaiting(store->service(id)->stackId);
    } else {
        dirtyStacks.insert(id);
    }
    if (settlePosted)
        return;
    settlePosted = true;
    server.post([this] {
        settlePosted = false;
        settle();
    });
}

/// Services that may wait for another one of their stack.
void RancherSide::Parts::markWaiting(std::int64_t stack)
{
    for (const std::int64_t id : store->servicesOfStack(stack)) {
        if (store->service(id)->state == "activating")
            dirtyServices.insert(id);
    }
}

/// Global services may come or go, and what found no place may find one.
void RancherSide::Parts::hostLabelsChanged(std::int64_t id)
{
    hostChanged(*hosts->find(id));
    for (const auto &[service, record] : store->services()) {
        if (record.removed == 0 && record.isGlobal())
            services->reconcile(service);
    }
    containers->placeWaiting();
}

void RancherSide::Parts::settle()
{
    const auto changedServices = std::exchange(dirtyServices, {});
    const auto changedStacks = std::exchange(dirtyStacks, {});
    for (const std::int64_t id : changedServices) {
        services->reconcile(id);
        if (store->service(id) != nullptr)
            hub.changed(publicId(Kind::Service, id), [this, id](const ApiScope &scope) {
                return resourceJson(scope, *store, Kind::Service, id);
            });
    }
    for (const std::int64_t id : changedStacks) {
        stacks->reconcile(id);
        if (store->stack(id) != nullptr)
            hub.changed(publicId(Kind::Stack, id), [this, id](const ApiScope &scope) {
                return resourceJson(scope, *store, Kind::Stack, id);
            });
    }
}

void RancherSide::Parts::hostChanged(const LabHost &host)
{
    hub.changed(publicHostId(host.id), [this, &host](const ApiScope &scope) {
        return std::optional(hostJson(scope, *hosts, host, *store));
    });
}

void RancherSide::Parts::hostCameUp(LabHost &host)
{
    giveUp.erase(host.id);
    hostChanged(host);
    containers->placeWaiting();
    // What was half done when the last lab ended goes on now.
    for (const auto &[id, service] : store->services()) {
        if (service.removed == 0)
            dirtyServices.insert(id);
    }
    for (const auto &[id, stack] : store->stacks()) {
        if (stack.removed == 0)
            dirtyStacks.insert(id);
    }
    server.post([this] { settle(); });
}

void RancherSide::Parts::hostWentDown(LabHost &host, const std::string &reason)
{
    const bool isFirst = host.facts.connected || host.facts.lostAt == 0;
    if (!hosts->wentDown(host, reason))
        return;
    if (isFirst)
        giveUp[host.id] = server.after(options.disconnectedAfter, [this, &host] {
            hostChanged(host);
            containers->placeWaiting(); // they are not held back for it any more
        });
    hostChanged(host);
    if (side.onEngine)
        side.onEngine(false, reason);
}

void RancherSide::Parts::refreshHosts()
{
    for (const auto &host : hosts->all()) {
        if (host->facts.connected)
            hostChanged(*host);
    }
}

RancherSide::RancherSide(Options options, Server &server, Router &router, Workers &workers)
    : m_parts(std::make_unique<Parts>(*this, std::move(options), server, router, workers))
{
}

RancherSide::~RancherSide()
{
    stop();
}

tl::expected<void, std::string> RancherSide::start()
{
    auto store = ResourceStore::open(m_parts->options.stateDirectory / "rancher.db");
    if (!store)
        return tl::make_unexpected(store.error());
    m_parts->store = std::move(*store);
    m_parts->wire();
    for (const auto &watch : m_parts->watches)
        watch->start();
    return {};
}

void RancherSide::stop()
{
    if (m_parts->hosts) {
        for (const auto &host : m_parts->hosts->all())
            host->engine.abandon();
    }
    m_parts->slow.stop();
    if (m_parts->health)
        m_parts->health->stop();
    for (const auto &watch : m_parts->watches)
        watch->stop();
    m_parts->logs.stop();
    m_parts->sockets.stop();
    m_parts->forget.cancel();
    m_parts->refresh.cancel();
}

void RancherSide::removeEverything()
{
    std::vector<std::int64_t> stackIds;
    for (const auto &[id, stack] : m_parts->store->stacks()) {
        if (stack.removed == 0)
            stackIds.push_back(id);
    }
    for (const std::int64_t id : stackIds)
        m_parts->stacks->remove(id);
    std::vector<std::int64_t> loose;
    for (const auto &[id, container] : m_parts->store->containers()) {
        if (container.removed == 0 && container.serviceId == 0)
            loose.push_back(id);
    }
    for (const std::int64_t id : loose)
        m_parts->containers->remove(id, 1);
}

bool RancherSide::isEmpty() const
{
    const auto gone = [](const auto &entry) { return entry.second.removed != 0; };
    const ResourceStore &store = *m_parts->store;
    return std::all_of(store.stacks().begin(), store.stacks().end(), gone)
        && std::all_of(store.containers().begin(), store.containers().end(), gone);
}

} // namespace faultline::lab
