// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/lab/rancher/api_types.h"
#include "services/lab/rancher/resource_store.h"
#include "services/lab/rancher/stack_control.h"

namespace faultline::lab {

/// The type "stack" of the API. What it refers to must outlive it.
[[nodiscard]] ApiType stackType(ResourceStore &store, StackControl &stacks);

} // namespace faultline::lab
