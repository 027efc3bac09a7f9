// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/lab/rancher/api_types.h"
#include "services/lab/rancher/resource_store.h"
#include "services/lab/rancher/stack_control.h"

namespace faultline::lab {

/// The types "stack" and "service" of the API. What they refer to must outlive them.
[[nodiscard]] ApiType stackType(ResourceStore &store, StackControl &stacks);
[[nodiscard]] ApiType serviceType(ResourceStore &store, ServiceControl &services);

} // namespace faultline::lab
