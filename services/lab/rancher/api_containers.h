// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/lab/rancher/api_types.h"
#include "services/lab/rancher/container_control.h"
#include "services/lab/rancher/host_sockets.h"
#include "services/lab/rancher/log_sockets.h"
#include "services/lab/rancher/resource_store.h"

namespace faultline::lab {

/// The type "container" of the API; "instances" lists the same. What it refers to must outlive it.
[[nodiscard]] ApiType containerType(ResourceStore &store, ContainerControl &containers,
    const Hosts &hosts, LogSockets &logs, HostSockets &sockets);

} // namespace faultline::lab
