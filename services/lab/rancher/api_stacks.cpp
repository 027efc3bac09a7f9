// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/lab/rancher/api_stacks.h"

#include "services/lab/rancher/compose_reader.h"
#include "services/lab/rancher/resource_json.h"

#include <algorithm>
#include <cctype>

namespace faultline::lab {

namespace {

constexpr std::size_t longestName = 63;
constexpr int largestScale = 1000;

bool isValidName(const std::string &name)
{
    return !name.empty() && name.size() <= longestName && name.front() != '-' && name.back() != '-'
        && std::all_of(name.begin(), name.end(),
            [](char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '-'; });
}

template <typename Records>
bool isNameTaken(const Records &records, const std::string &name)
{
    return std::any_of(records.begin(), records.end(), [&name](const auto &entry) {
        return entry.second.removed == 0 && entry.second.name == name;
    });
}

tl::expected<void, ApiError> checkName(const Json &body)
{
    const std::string name = textOf(body, "name");
    if (name.empty())
        return refused(422, "MissingRequired", {}, "name");
    if (name.size() > longestName)
        return refused(422, "MaxLengthExceeded", {}, "name");
    if (!isValidName(name))
        return refused(422, "InvalidCharacters", {}, "name");
    return {};
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
    service.metadata = compose.metadata;
    service.linkedServices = compose.linkedServices;
    return service;
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
    std::vector<ServiceRecord> services;
    for (const ComposeService &service : *compose)
        services.push_back(serviceFrom(service));
    const StackRecord &created = stacks.create(std::move(stack), std::move(services));
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

ApiResult exportConfig(const ResourceStore &store, std::int64_t id)
{
    const StackRecord &stack = *store.stack(id);
    return ApiAnswer{ 200,
        { { "type", "composeConfig" }, { "links", Json::object() }, { "actions", Json::object() },
            { "dockerComposeConfig", stack.dockerCompose },
            { "rancherComposeConfig", stack.rancherCompose } } };
}

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
    if (scale < 0 || scale > largestScale)
        return refused(422, scale < 0 ? "MinLimitExceeded" : "MaxLimitExceeded", {}, "scale");
    service.launchConfig = objectOf(body, "launchConfig");
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
        if (scale < 0 || scale > largestScale)
            return refused(422, scale < 0 ? "MinLimitExceeded" : "MaxLimitExceeded", {}, "scale");
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
    type.actions["exportconfig"] = [&store](const ApiScope &, std::int64_t id, const Json &) {
        return exportConfig(store, id);
    };
    type.links["services"]
        = { "service", [&store](const ApiScope &scope, std::int64_t id) {
               std::vector<Json> list;
               for (const std::int64_t service : store.servicesOfStack(id))
                   list.push_back(serviceJson(scope, store, *store.service(service)));
               return list;
           } };
    return type;
}

ApiType serviceType(ResourceStore &store, ServiceControl &services)
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
