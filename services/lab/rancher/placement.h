// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/lab/rancher/resource_store.h"

#include <tl/expected.hpp>

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace faultline::lab {

using HostLabels = std::map<std::string, std::string>;

/// A host as the placement of containers sees it.
struct HostPlace
{
    std::int64_t id = 0;
    HostLabels labels;
    bool isUp = false;
    bool isGivenUp = false; ///< away for so long that containers are not held back for it any more
};

/// The host for a container that has none: one that is up and keeps its hard rules (labels
/// "io.rancher.scheduler.affinity:(host_label|container_label|container)[_ne]", or
/// `requestedHostId` instead of them; the host of what it shares a network or volumes with). Of
/// those the one that breaks the fewest soft rules; then one that has the stack's network already,
/// because that can't span engines; then the one with the fewest containers. The error is why there
/// is none.
[[nodiscard]] tl::expected<std::int64_t, std::string> placeFor(const ContainerRecord &container,
    const ResourceStore &store, const std::vector<HostPlace> &hosts);

/// Whether a container is attached to the network of its stack.
[[nodiscard]] bool usesStackNetwork(const ContainerRecord &container);

/// The hosts on which a global service has a container each: its hard host_label rules hold. Those
/// that are away count while they have one.
[[nodiscard]] std::vector<std::int64_t> globalHosts(
    const ServiceRecord &service, const ResourceStore &store, const std::vector<HostPlace> &hosts);

} // namespace faultline::lab
