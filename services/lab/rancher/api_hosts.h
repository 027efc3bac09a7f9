// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/lab/rancher/api_types.h"
#include "services/lab/rancher/host_sockets.h"
#include "services/lab/rancher/hosts.h"

#include <functional>
#include <optional>

namespace faultline::lab {

/// `changed` is called after a client changed a host's name, description or labels.
[[nodiscard]] ApiType hostType(Hosts &hosts, ResourceStore &store, HostSockets &sockets,
    std::function<void(std::int64_t id)> changed);
[[nodiscard]] Json hostJson(
    const ApiScope &scope, const Hosts &hosts, const LabHost &host, const ResourceStore &store);

} // namespace faultline::lab
