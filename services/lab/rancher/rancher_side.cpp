// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/lab/rancher/rancher_side.h"

#include "services/lab/rancher/api_containers.h"
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
    void hostLabelsChanged();
    void settle();
    void engineUp(const Json &info);
    void engineDown(const std::string &reason);
    void hostChanged();
    void refreshHost();

    RancherSide &side;
    Options options;
    Server &server;
    Router &router;
    Workers &workers;
    Workers slow{ slowThreads };
    Engine engine;
    HostFacts host;
    ContainerWork work{ engine };
    Journal journal;
    RancherApi api;
    SubscribeHub hub;
    LogSockets logs;
    HostSockets sockets;
    std::unique_ptr<ResourceStore> store;
    std::unique_ptr<ContainerControl> containers;
    std::unique_ptr<ServiceControl> services;
    std::unique_ptr<StackControl> stacks;
    std::unique_ptr<HealthWatch> health;
    std::unique_ptr<EngineWatch> watch;
    Timer forget;
    Timer refresh;
    Timer giveUp; // of an engine that stays away
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
    , engine(options.dockerHost)
    , api({ options.accessKey, options.secretKey })
    , hub(server)
    , logs(engine, server)
    , sockets(engine, server)
{
    host.reason = "The Docker Engine was not asked yet.";
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
    containers
        = std::make_unique<ContainerControl>(options.instance, *store, work, workers, slow, server);
    services = std::make_unique<ServiceControl>(*store, *containers, server);
    health = std::make_unique<HealthWatch>(*store, server);
    stacks = std::make_unique<StackControl>(*store, *services, work, workers, server);
    watch = std::make_unique<EngineWatch>(
        options.instance, *store, *containers, work, workers, server);
    api.add(projectType(options.projectName, host.since, sockets));
    const auto labels = [this] { return labelsOf(host); };
    containers->hostLabels = labels;
    services->hostLabels = labels;
    health->onUnhealthy = [this](std::int64_t id) { services->unhealthy(id); };
    health->onHealthy = [this](std::int64_t id) { services->healthy(id); };
    api.add(hostType(host, *store, sockets, [this] { hostLabelsChanged(); }));
    api.add(stackType(*store, *stacks));
    api.add(serviceType(*store, *services, sockets));
    api.add(containerType(*store, *containers, logs, sockets));
    ApiType instances = containerType(*store, *containers, logs, sockets);
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
    watch->onUp = [this](const Json &info) { engineUp(info); };
    watch->onDown = [this](const std::string &reason) { engineDown(reason); };
    forget = server.every(
        forgetInterval, [this] { store->forgetRemovedBefore(nowMs() - rememberRemovedMs); });
    refresh = server.every(hostRefresh, [this] { refreshHost(); });
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
void RancherSide::Parts::hostLabelsChanged()
{
    hostChanged();
    for (const auto &[id, service] : store->services()) {
        if (service.removed == 0 && service.isGlobal())
            services->reconcile(id);
    }
    for (const auto &[id, container] : store->containers()) {
        if (container.removed == 0 && container.state == "error" && container.dockerId.empty()
            && container.wanted == Wanted::Running)
            containers->start(id);
    }
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

void RancherSide::Parts::hostChanged()
{
    hub.changed(hostId, [this](const ApiScope &scope) { return hostJson(scope, host, *store); });
}

void RancherSide::Parts::engineUp(const Json &info)
{
    host.info = info;
    host.reason.clear();
    const bool wasConnected = std::exchange(host.connected, true);
    hostChanged();
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
    if (!wasConnected && side.onEngine)
        side.onEngine(true,
            "Docker Engine " + textOf(info, "ServerVersion") + " at " + options.dockerHost + ".");
}

void RancherSide::Parts::engineDown(const std::string &reason)
{
    const bool news = host.connected || host.reason != reason;
    if (host.connected || host.lostAt == 0) {
        host.lostAt = nowMs();
        giveUp = server.after(std::chrono::milliseconds(disconnectedAfterMs), [this] {
            if (!host.connected)
                hostChanged();
        });
    }
    host.connected = false;
    host.reason = reason;
    if (!news)
        return;
    hostChanged();
    if (side.onEngine)
        side.onEngine(false, reason);
}

void RancherSide::Parts::refreshHost()
{
    if (host.connected)
        hostChanged();
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
    m_parts->watch->start();
    return {};
}

void RancherSide::stop()
{
    m_parts->engine.abandon();
    m_parts->slow.stop();
    if (m_parts->health)
        m_parts->health->stop();
    if (m_parts->watch)
        m_parts->watch->stop();
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
