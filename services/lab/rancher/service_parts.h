// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/lab/rancher/resource_store.h"

#include <string>
#include <vector>

namespace faultline::lab {

/// One container of each unit of a service: the service itself (empty name) or a sidekick.
struct ServicePart
{
    std::string name;
    Json launchConfig;
};

/// The primary one first.
[[nodiscard]] std::vector<ServicePart> partsOf(const ServiceRecord &service);
/// The container's launch config is the one that its service has now.
[[nodiscard]] bool isPresentVersion(const ServiceRecord &service, const ContainerRecord &container);

/// Containers of a service that count: neither asked to be removed nor kept from before an upgrade;
/// by position.
[[nodiscard]] std::vector<std::int64_t> countedContainers(
    const ResourceStore &store, std::int64_t serviceId);
/// Those that an upgrade has put away, stopped.
[[nodiscard]] std::vector<std::int64_t> retiredContainers(
    const ResourceStore &store, std::int64_t serviceId);

/// Runs, or was stopped by hand, or is done with its only run.
[[nodiscard]] bool isSettled(const ContainerRecord &container);
[[nodiscard]] int stopSecondsOf(const ContainerRecord &container);

/// True while a service of the same stack that this one links to or depends on has still to start
/// and does not itself wait for this one.
[[nodiscard]] bool mustWaitForOthers(const ResourceStore &store, const ServiceRecord &service);

/// The record of a new container for a place in a service.
[[nodiscard]] ContainerRecord newContainer(const ResourceStore &store, const ServiceRecord &service,
    int position, const ServicePart &part);

} // namespace faultline::lab
