// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/lab/rancher/resource_store.h"

#include <map>
#include <optional>
#include <string>

namespace faultline::lab {

using HostLabels = std::map<std::string, std::string>;

/// Why a container may not be placed on the only host, by its labels
/// "io.rancher.scheduler.affinity:(host_label|container_label|container)[_ne]": hard rules only,
/// because with one host there is nothing to prefer. Nothing when it may.
[[nodiscard]] std::optional<std::string> placementRefusal(
    const ContainerRecord &container, const ResourceStore &store, const HostLabels &host);

/// Whether a global service has its container on the host: its hard host_label rules hold.
[[nodiscard]] bool hostSuits(const ServiceRecord &service, const HostLabels &host);

} // namespace faultline::lab
