// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/lab/rancher/container_body.h"
#include "services/lab/rancher/resource_store.h"

#include <string>

namespace faultline::lab {

/// The label that marks everything a lab made on the engine; its value is the lab's instance.
inline constexpr const char *instanceLabel = "faultline.lab";
/// Marks a stack's network and volumes; its value is the stack's uuid.
inline constexpr const char *stackUuidLabel = "faultline.lab.stack";

/// What to create for this container: names, labels, the stack's network with DNS names, and named
/// volumes.
[[nodiscard]] ContainerPlan containerPlan(
    const ContainerRecord &container, const ResourceStore &store, const std::string &instance);

} // namespace faultline::lab
