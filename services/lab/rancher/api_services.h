// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/lab/rancher/api_types.h"
#include "services/lab/rancher/host_sockets.h"
#include "services/lab/rancher/service_control.h"

namespace faultline::lab {

/// The type "service" of the API. What it refers to must outlive it.
[[nodiscard]] ApiType serviceType(
    ResourceStore &store, ServiceControl &services, const Hosts &hosts, HostSockets &sockets);

} // namespace faultline::lab
