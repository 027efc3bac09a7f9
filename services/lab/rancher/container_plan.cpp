// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/lab/rancher/container_plan.h"

#include "services/lab/rancher/placement.h"

namespace faultline::lab {

namespace {

void addStackLabels(std::map<std::string, std::string> &labels, const ContainerRecord &container,
    const StackRecord &stack, const ServiceRecord *service)
{
    labels["io.rancher.stack.name"] = stack.name;
    labels["io.rancher.project.name"] = stack.name;
    labels["com.docker.compose.project"] = stack.name;
    if (service == nullptr)
        return;
    const std::string path = stack.name + "/" + service->name;
    labels["io.rancher.stack_service.name"] = path;
    labels["io.rancher.project_service.name"] = path;
    labels["io.rancher.service.launch.config"] = "io.rancher.service.primary.launch.config";
    labels["io.rancher.service.deployment.unit"] = container.uuid;
    labels["com.docker.compose.service"] = service->name;
    labels["com.docker.compose.container-number"] = std::to_string(container.position);
    labels["com.docker.compose.oneoff"] = "False";
}

void addNetwork(ContainerPlan &plan, const ContainerRecord &container, const StackRecord &stack,
    const ServiceRecord *service, const std::string &instance)
{
    plan.network = "faultline-" + instance.substr(0, 8) + "-" + stack.name;
    plan.networkLabels = { { instanceLabel, instance }, { stackUuidLabel, stack.uuid } };
    plan.aliases = { container.name };
    if (service == nullptr)
        return;
    plan.aliases.push_back(service->name);
    plan.aliases.push_back(service->name + "." + stack.name);
    for (const std::string &alias : textsOf(container.launchConfig, "networkAliases"))
        plan.aliases.push_back(alias);
}

/// "data:/var" names a volume of the stack, "/x:/y" a folder of the host.
void nameVolumes(ContainerPlan &plan, const StackRecord &stack, const std::string &instance)
{
    Json volumes = Json::array();
    for (std::string volume : textsOf(plan.launchConfig, "dataVolumes")) {
        const std::size_t colon = volume.find(':');
        if (colon != std::string::npos && colon > 0 && volume.front() != '/') {
            const std::string name = stack.name + "_" + volume.substr(0, colon);
            plan.volumes[name] = { { instanceLabel, instance }, { stackUuidLabel, stack.uuid } };
            volume = name + volume.substr(colon);
        }
        volumes.push_back(volume);
    }
    plan.launchConfig["dataVolumes"] = std::move(volumes);
}

} // namespace

ContainerPlan containerPlan(
    const ContainerRecord &container, const ResourceStore &store, const std::string &instance)
{
    const StackRecord *stack = store.stack(container.stackId);
    const ServiceRecord *service = store.service(container.serviceId);
    ContainerPlan plan;
    plan.name = "r-" + container.name + "-" + container.uuid.substr(0, 8);
    plan.image = imageName(textOf(container.launchConfig, "imageUuid"));
    plan.launchConfig = container.launchConfig;
    plan.labels[instanceLabel] = instance;
    plan.labels["io.rancher.container.uuid"] = container.uuid;
    plan.labels["io.rancher.container.name"] = container.name;
    if (stack != nullptr) {
        addStackLabels(plan.labels, container, *stack, service);
        if (usesStackNetwork(container))
            addNetwork(plan, container, *stack, service, instance);
        nameVolumes(plan, *stack, instance);
    }
    const auto partner = [&](const std::string &part) -> std::string {
        for (const std::int64_t id : store.containersOfService(container.serviceId)) {
            const ContainerRecord &other = *store.container(id);
            const bool isNamed = service != nullptr
                && (other.part == part || (other.part.empty() && service->name == part));
            if (isNamed && other.unit == container.unit && other.id != container.id)
                return other.dockerId;
        }
        return {};
    };
    for (const std::string &part : textsOf(container.launchConfig, "dataVolumesFromLaunchConfigs"))
        plan.launchConfig["dataVolumesFrom"].push_back(partner(part));
    if (const std::string part = textOf(container.launchConfig, "networkLaunchConfig");
        !part.empty()) {
        plan.launchConfig["networkMode"] = "container:" + partner(part);
        return plan;
    }
    // "container" shares the network of another one, which is named by its id here.
    const std::string mode = textOf(container.launchConfig, "networkMode");
    if (mode == "container") {
        const ContainerRecord *other
            = store.container(numberOf(container.launchConfig, "networkContainer"));
        plan.launchConfig["networkMode"]
            = "container:" + (other == nullptr ? std::string() : other->dockerId);
    }
    return plan;
}

} // namespace faultline::lab
