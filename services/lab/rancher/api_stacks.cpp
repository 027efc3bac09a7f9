// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/lab/rancher/api_stacks.h"

#include "services/lab/rancher/api_fields.h"
#include "services/lab/rancher/compose_reader.h"
#include "services/lab/rancher/compose_writer.h"
#include "services/lab/rancher/resource_json.h"
#include "services/lab/rancher/zip_writer.h"

#include <algorithm>

namespace faultline::lab {

namespace {

template <typename Records>
bool isNameTaken(const Records &records, const std::string &name)
{
    return std::any_of(records.begin(), records.end(), [&name](const auto &entry) {
        return entry.second.removed == 0 && entry.second.name == name;
    });
}

ServiceRecord serviceFrom(const ComposeService &compose)
{
    ServiceRecord service;
    service.name = compose.name;
    service.scale = compose.scale;
    service.startOnCreate = compose.startOnCreate;
    service.launchConfig = compose.launchConfig;
    service.launchConfig["type"] = "launchConfig";
    service.launchConfig["kind"] = "container";
    service.secondaryLaunchConfigs = compose.secondaryLaunchConfigs;
    for (Json &config : service.secondaryLaunchConfigs)
        config["type"] = "secondaryLaunchConfig";
    service.metadata = compose.metadata;
    service.waitsFor = compose.waitsFor;
    service.linkedServices = compose.linkedServices;
    return service;
}

std::vector<ServiceRecord> servicesFrom(const std::vector<ComposeService> &compose)
{
    std::vector<ServiceRecord> services;
    for (const ComposeService &service : compose)
        services.push_back(serviceFrom(service));
    return services;
}

ApiResult createStack(
    ResourceStore &store, StackControl &stacks, const ApiScope &scope, const Json &body)
{
    if (auto name = checkName(body); !name)
        return tl::make_unexpected(name.error());
    StackRecord stack;
    stack.name = textOf(body, "name");
    if (isNameTaken(store.stacks(), stack.name))
        return refused(
            422, "NotUnique", "A stack named \"" + stack.name + "\" exists already.", "name");
    stack.description = textOf(body, "description");
    stack.dockerCompose = textOf(body, "dockerCompose");
    stack.rancherCompose = textOf(body, "rancherCompose");
    stack.environment = textMapOf(body, "environment");
    stack.externalId = textOf(body, "externalId");
    stack.group = textOf(body, "group");
    stack.startOnCreate = truthOf(body, "startOnCreate", true);
    const auto compose = readCompose(stack.dockerCompose, stack.rancherCompose, stack.environment);
    if (!compose)
        return refused(422, "InvalidFormat", compose.error().message,
            compose.error().key.empty() ? "dockerCompose" : compose.error().key);
    const StackRecord &created = stacks.create(std::move(stack), servicesFrom(*compose));
    return ApiAnswer{ 201, stackJson(scope, store, created) };
}

ApiResult updateStack(
    ResourceStore &store, const ApiScope &scope, std::int64_t id, const Json &body)
{
    store.changeStack(id, [&body](StackRecord &stack) {
        stack.description = textOf(body, "description", stack.description);
        stack.group = textOf(body, "group", stack.group);
        stack.externalId = textOf(body, "externalId", stack.externalId);
    });
    return ApiAnswer{ 200, stackJson(scope, store, *store.stack(id)) };
}

/// The strategies of rancher-compose's upgrade_strategy, by service.
std::map<std::string, Json> strategiesOf(const std::vector<ComposeService> &compose)
{
    std::map<std::string, Json> strategies;
    for (const ComposeService &service : compose)
        strategies[service.name] = service.upgradeStrategy;
    return strategies;
}

ApiResult upgradeStack(ResourceStore &store, StackControl &stacks, const ApiScope &scope,
    std::int64_t id, const Json &body)
{
    const StackRecord &stack = *store.stack(id);
    StackUpgrade upgrade;
    upgrade.externalId = textOf(body, "externalId", stack.externalId);
    upgrade.environment
        = body.contains("environment") ? textMapOf(body, "environment") : stack.environment;
    // A stack that was made by hand has no files to compare with: nothing happens (facts).
    const std::string docker = textOf(body, "dockerCompose");
    if (!stack.dockerCompose.empty() && !docker.empty()) {
        const auto compose
            = readCompose(docker, textOf(body, "rancherCompose"), upgrade.environment);
        if (compose) {
            upgrade.services = servicesFrom(*compose);
            upgrade.strategies = strategiesOf(*compose);
        } else {
            upgrade.problem = compose.error().message;
        }
    }
    stacks.upgrade(id, std::move(upgrade));
    return ApiAnswer{ 202, stackJson(scope, store, *store.stack(id)) };
}

// The headers are Rancher's (StackComposeLinkHandler.java), "Content-Encoding: zip" too.
Response composeArchive(const ResourceStore &store, std::int64_t id)
{
    std::vector<const ServiceRecord *> services;
    for (const std::int64_t service : store.servicesOfStack(id))
        services.push_back(store.service(service));
    const ExportedCompose files = exportedCompose(services);
    auto zip = zipOf({ { "docker-compose.yml", files.dockerCompose },
        { "rancher-compose.yml", files.rancherCompose } });
    if (!zip)
        return errorAnswer(errorForStatus(500));
    Response response{ 200, std::move(*zip), "application/zip", {} };
    response.headers.emplace_back("Content-Encoding", "zip");
    response.headers.emplace_back("Content-Disposition", "attachment; filename=compose.zip");
    response.headers.emplace_back("Cache-Control", "private");
    response.headers.emplace_back("Pragma", "private");
    response.headers.emplace_back("Expires", "Wed 24 Feb 1982 18:42:00 GMT");
    response.headers.emplace_back("Cache-Control", "private");
    return response;
}

ApiResult exportConfig(const ResourceStore &store, std::int64_t id, const Json &body)
{
    std::vector<const ServiceRecord *> services;
    const Json &wanted = arrayOf(body, "serviceIds");
    for (const std::int64_t service : store.servicesOfStack(id)) {
        const bool isWanted = wanted.empty()
            || std::find(wanted.begin(), wanted.end(), publicId(Kind::Service, service))
                != wanted.end();
        if (isWanted)
            services.push_back(store.service(service));
    }
    const ExportedCompose files = exportedCompose(services);
    return ApiAnswer{ 200,
        { { "type", "composeConfig" }, { "links", Json::object() }, { "actions", Json::object() },
            { "dockerComposeConfig", files.dockerCompose },
            { "rancherComposeConfig", files.rancherCompose } } };
}

} // namespace

ApiType stackType(ResourceStore &store, StackControl &stacks)
{
    ApiType type;
    type.singular = "stack";
    type.plural = "stacks";
    type.filters = { "id", "name", "state", "uuid", "description", "created", "removed",
        "externalId", "group", "healthState", "kind", "system", "accountId" };
    type.list = [&store](const ApiScope &scope) {
        std::vector<Json> list;
        for (const auto &[id, stack] : store.stacks()) {
            if (stack.removed == 0)
                list.push_back(stackJson(scope, store, stack));
        }
        return list;
    };
    type.byId = [&store](const ApiScope &scope, std::int64_t id) {
        return resourceJson(scope, store, Kind::Stack, id);
    };
    type.create = [&store, &stacks](const ApiScope &scope, const Json &body) {
        return createStack(store, stacks, scope, body);
    };
    type.update = [&store](const ApiScope &scope, std::int64_t id, const Json &body) {
        return updateStack(store, scope, id, body);
    };
    const auto answer = [&store](const ApiScope &scope, std::int64_t id, int status) {
        return ApiAnswer{ status, stackJson(scope, store, *store.stack(id)) };
    };
    type.remove = [&stacks, answer](const ApiScope &scope, std::int64_t id) -> ApiResult {
        stacks.remove(id);
        return answer(scope, id, 200);
    };
    type.actions["remove"]
        = [&stacks, answer](const ApiScope &scope, std::int64_t id, const Json &) -> ApiResult {
        stacks.remove(id);
        return answer(scope, id, 202);
    };
    type.actions["activateservices"]
        = [&stacks, answer](const ApiScope &scope, std::int64_t id, const Json &) -> ApiResult {
        stacks.activateServices(id);
        return answer(scope, id, 202);
    };
    type.actions["deactivateservices"]
        = [&stacks, answer](const ApiScope &scope, std::int64_t id, const Json &) -> ApiResult {
        stacks.deactivateServices(id);
        return answer(scope, id, 202);
    };
    type.actions["exportconfig"] = [&store](const ApiScope &, std::int64_t id, const Json &body) {
        return exportConfig(store, id, body);
    };
    type.actions["upgrade"]
        = [&store, &stacks](const ApiScope &scope, std::int64_t id, const Json &body) {
              return upgradeStack(store, stacks, scope, id, body);
          };
    const auto verb = [&stacks, answer](void (StackControl::*run)(std::int64_t)) {
        return [&stacks, answer, run](
                   const ApiScope &scope, std::int64_t id, const Json &) -> ApiResult {
            (stacks.*run)(id);
            return answer(scope, id, 202);
        };
    };
    type.actions["finishupgrade"] = verb(&StackControl::finishUpgrade);
    type.actions["rollback"] = verb(&StackControl::rollBack);
    type.actions["cancelupgrade"] = verb(&StackControl::cancelUpgrade);
    type.files["composeConfig"]
        = [&store](const ApiScope &, std::int64_t id) { return composeArchive(store, id); };
    type.links["services"]
        = { "service", [&store](const ApiScope &scope, std::int64_t id) {
               std::vector<Json> list;
               for (const std::int64_t service : store.servicesOfStack(id))
                   list.push_back(serviceJson(scope, store, *store.service(service)));
               return list;
           } };
    return type;
}

} // namespace faultline::lab
