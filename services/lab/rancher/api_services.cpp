// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/lab/rancher/api_services.h"

#include "services/lab/rancher/api_fields.h"
#include "services/lab/rancher/resource_json.h"

#include <algorithm>

namespace faultline::lab {

namespace {

ApiResult createService(
    ResourceStore &store, ServiceControl &services, const ApiScope &scope, const Json &body)
{
    if (auto name = checkName(body); !name)
        return tl::make_unexpected(name.error());
    const auto stackId = parsedId(textOf(body, "stackId"));
    const StackRecord *stack = stackId ? store.stack(*stackId) : nullptr;
    if (stack == nullptr || stack->removed != 0 || stack->state == "removing")
        return refused(422, "InvalidReference", {}, "stackId");
    ServiceRecord service;
    service.name = textOf(body, "name");
    for (const std::int64_t id : store.servicesOfStack(stack->id)) {
        if (store.service(id)->name == service.name)
            return refused(422, "NotUnique", {}, "name");
    }
    const std::int64_t scale = numberOf(body, "scale", 1);
    if (auto checked = checkScale(scale); !checked)
        return tl::make_unexpected(checked.error());
    service.launchConfig = objectOf(body, "launchConfig");
    service.secondaryLaunchConfigs = arrayOf(body, "secondaryLaunchConfigs");
    if (textOf(service.launchConfig, "imageUuid").empty())
        return refused(422, "MissingRequired", {}, "launchConfig.imageUuid");
    service.stackId = stack->id;
    service.scale = static_cast<int>(scale);
    service.description = textOf(body, "description");
    service.metadata = objectOf(body, "metadata");
    service.startOnCreate = truthOf(body, "startOnCreate");
    service.wantActive = service.startOnCreate;
    service.createIndex = static_cast<int>(store.servicesOfStack(stack->id).size()) + 1;
    const std::int64_t id = store.add(std::move(service)).id;
    services.reconcile(id);
    return ApiAnswer{ 201, serviceJson(scope, store, *store.service(id)) };
}

ApiResult updateService(ResourceStore &store, ServiceControl &services, const ApiScope &scope,
    std::int64_t id, const Json &body)
{
    if (body.contains("scale")) {
        const std::int64_t scale = numberOf(body, "scale", -1);
        if (auto checked = checkScale(scale); !checked)
            return tl::make_unexpected(checked.error());
        const std::string &state = store.service(id)->state;
        if (state == "removing" || state == "removed")
            return refused(409, "Conflict", "The service is being removed.");
        services.scale(id, static_cast<int>(scale));
    }
    store.changeService(id, [&body](ServiceRecord &service) {
        service.description = textOf(body, "description", service.description);
        if (body.contains("metadata") && body["metadata"].is_object())
            service.metadata = body["metadata"];
    });
    return ApiAnswer{ 200, serviceJson(scope, store, *store.service(id)) };
}

ApiResult restartService(ResourceStore &store, ServiceControl &services, const ApiScope &scope,
    std::int64_t id, const Json &body)
{
    if (!body.contains("rollingRestartStrategy"))
        return refused(422, "MissingRequired", {}, "rollingRestartStrategy");
    const Json &strategy = objectOf(body, "rollingRestartStrategy");
    const std::int64_t batch
        = std::clamp<std::int64_t>(numberOf(strategy, "batchSize", 1), 1, largestScale);
    const std::int64_t pause
        = std::clamp<std::int64_t>(numberOf(strategy, "intervalMillis", 2000), 0, 3'600'000);
    services.restart(id, static_cast<int>(batch), std::chrono::milliseconds(pause));
    return ApiAnswer{ 202, serviceJson(scope, store, *store.service(id)) };
}

std::vector<Json> containersOfService(
    const ApiScope &scope, const ResourceStore &store, std::int64_t id)
{
    std::vector<Json> list;
    for (const std::int64_t container : store.containersOfService(id))
        list.push_back(containerJson(scope, store, *store.container(container)));
    return list;
}

/// What an inServiceStrategy says, with its gaps filled from the service (facts: a launch config
/// replaces the whole one).
tl::expected<Json, ApiError> strategyFrom(const ServiceRecord &service, const Json &body)
{
    const Json &given = objectOf(body, "inServiceStrategy");
    if (given.empty())
        return refused(422,
            objectOf(body, "toServiceStrategy").empty() ? "MissingRequired" : "InvalidOption",
            "The lab upgrades in service only.", "inServiceStrategy");
    const bool hasMain = given.contains("launchConfig") && given["launchConfig"].is_object();
    const bool hasOthers = !arrayOf(given, "secondaryLaunchConfigs").empty();
    if (!hasMain && !hasOthers)
        return refused(422, "MissingRequired", {}, "launchConfig");
    const std::int64_t batch = numberOf(given, "batchSize", 1);
    const std::int64_t interval = numberOf(given, "intervalMillis", 2000);
    if (batch < 1)
        return refused(422, "MinLimitExceeded", {}, "batchSize");
    if (interval < 100)
        return refused(422, "MinLimitExceeded", {}, "intervalMillis");
    Json strategy{ { "type", "inServiceUpgradeStrategy" }, { "batchSize", batch },
        { "intervalMillis", std::min<std::int64_t>(interval, 3'600'000) },
        { "startFirst", truthOf(given, "startFirst") } };
    strategy["launchConfig"] = hasMain ? given["launchConfig"] : service.launchConfig;
    strategy["secondaryLaunchConfigs"]
        = hasOthers ? given["secondaryLaunchConfigs"] : service.secondaryLaunchConfigs;
    if (textOf(strategy["launchConfig"], "imageUuid").empty())
        return refused(422, "MissingRequired", {}, "launchConfig.imageUuid");
    ServiceRecord next = service;
    next.launchConfig = strategy["launchConfig"];
    if (next.isGlobal() != service.isGlobal())
        return refused(422, "InvalidOption",
            "A service can't become global, or stop being it, in an upgrade.", "launchConfig");
    return strategy;
}

ApiResult upgradeService(ResourceStore &store, ServiceControl &services, const ApiScope &scope,
    std::int64_t id, const Json &body)
{
    const auto strategy = strategyFrom(*store.service(id), body);
    if (!strategy)
        return tl::make_unexpected(strategy.error());
    services.upgrades().begin(id, *strategy);
    return ApiAnswer{ 202, serviceJson(scope, store, *store.service(id)) };
}

/// The services that addservicelink, removeservicelink and setservicelinks name.
tl::expected<Json, ApiError> linksFrom(const ResourceStore &store, const Json &links)
{
    Json named = Json::object();
    for (const Json &link : links) {
        const auto id = parsedId(textOf(link, "serviceId"));
        const ServiceRecord *service = id ? store.service(*id) : nullptr;
        if (service == nullptr || service->removed != 0)
            return refused(422, "InvalidReference", {}, "serviceId");
        const std::string alias = textOf(link, "name");
        named[alias.empty() ? service->name : alias] = service->name;
    }
    return named;
}

ApiType::Action linkAction(ResourceStore &store, bool isList, bool isRemoval)
{
    return [&store, isList, isRemoval](
               const ApiScope &scope, std::int64_t id, const Json &body) -> ApiResult {
        const Json links = isList ? arrayOf(body, "serviceLinks")
                                  : Json::array({ objectOf(body, "serviceLink") });
        const auto named = linksFrom(store, links);
        if (!named)
            return tl::make_unexpected(named.error());
        store.changeService(id, [&](ServiceRecord &service) {
            if (isList)
                service.linkedServices = Json::object();
            for (const auto &[alias, name] : named->items()) {
                if (isRemoval)
                    service.linkedServices.erase(alias);
                else
                    service.linkedServices[alias] = name;
            }
        });
        return ApiAnswer{ 200, serviceJson(scope, store, *store.service(id)) };
    };
}

} // namespace

ApiType serviceType(
    ResourceStore &store, ServiceControl &services, const Hosts &hosts, HostSockets &sockets)
{
    ApiType type;
    type.singular = "service";
    type.plural = "services";
    type.filters = { "id", "name", "state", "uuid", "description", "created", "removed", "stackId",
        "healthState", "kind", "system", "createIndex", "accountId", "externalId" };
    type.list = [&store](const ApiScope &scope) {
        std::vector<Json> list;
        for (const auto &[id, service] : store.services()) {
            if (service.removed == 0)
                list.push_back(serviceJson(scope, store, service));
        }
        return list;
    };
    type.byId = [&store](const ApiScope &scope, std::int64_t id) {
        return resourceJson(scope, store, Kind::Service, id);
    };
    type.create = [&store, &services](const ApiScope &scope, const Json &body) {
        return createService(store, services, scope, body);
    };
    type.update = [&store, &services](const ApiScope &scope, std::int64_t id, const Json &body) {
        return updateService(store, services, scope, id, body);
    };
    const auto verb = [&store](auto run, int status) {
        return [&store, run, status](const ApiScope &scope, std::int64_t id) -> ApiResult {
            run(id);
            return ApiAnswer{ status, serviceJson(scope, store, *store.service(id)) };
        };
    };
    const auto action = [verb](auto run) -> ApiType::Action {
        return [perform = verb(run, 202)](const ApiScope &scope, std::int64_t id, const Json &) {
            return perform(scope, id);
        };
    };
    type.remove = verb([&services](std::int64_t id) { services.remove(id); }, 200);
    type.actions["remove"] = action([&services](std::int64_t id) { services.remove(id); });
    type.actions["activate"] = action([&services](std::int64_t id) { services.activate(id); });
    type.actions["deactivate"] = action([&services](std::int64_t id) { services.deactivate(id); });
    type.actions["restart"]
        = [&store, &services](const ApiScope &scope, std::int64_t id, const Json &body) {
              return restartService(store, services, scope, id, body);
          };
    type.actions["upgrade"]
        = [&store, &services](const ApiScope &scope, std::int64_t id, const Json &body) {
              return upgradeService(store, services, scope, id, body);
          };
    ServiceUpgrade &upgrades = services.upgrades();
    type.actions["finishupgrade"] = action([&upgrades](std::int64_t id) { upgrades.finish(id); });
    type.actions["rollback"] = action([&upgrades](std::int64_t id) { upgrades.rollBack(id); });
    type.actions["cancelupgrade"] = action([&upgrades](std::int64_t id) { upgrades.cancel(id); });
    type.actions["continueupgrade"] = action([&upgrades](std::int64_t id) { upgrades.resume(id); });
    type.actions["addservicelink"] = linkAction(store, false, false);
    type.actions["removeservicelink"] = linkAction(store, false, true);
    type.actions["setservicelinks"] = linkAction(store, true, false);
    type.views["containerStats"]
        = [&store, &hosts, &sockets](const ApiScope &scope, std::int64_t id) -> ApiResult {
        StatsGrant grant;
        for (const std::int64_t container : store.containersOfService(id)) {
            const ContainerRecord &record = *store.container(container);
            if (record.state == "running" && hosts.isUp(record.hostId))
                grant.sources.push_back(
                    { &hosts.find(record.hostId)->engine, record.dockerId, record.dockerId });
        }
        if (grant.sources.empty())
            return ApiAnswer{ 200, Json::object() };
        return ApiAnswer{ 200,
            hostAccess(scope, "statsAccess", "/v1/containerstats/service/",
                sockets.grant(std::move(grant))) };
    };
    type.links["instances"] = { "container", [&store](const ApiScope &scope, std::int64_t id) {
                                   return containersOfService(scope, store, id);
                               } };
    type.links["stack"] = { "stack", [&store](const ApiScope &scope, std::int64_t id) {
                               const ServiceRecord *service = store.service(id);
                               const auto stack = resourceJson(scope, store, Kind::Stack,
                                   service == nullptr ? 0 : service->stackId);
                               return stack ? std::vector<Json>{ *stack } : std::vector<Json>();
                           } };
    return type;
}

} // namespace faultline::lab
