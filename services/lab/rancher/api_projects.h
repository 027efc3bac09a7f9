// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/lab/rancher/api_types.h"
#include "services/lab/rancher/host_sockets.h"
#include "services/lab/rancher/hosts.h"

#include <string>

namespace faultline::lab {

[[nodiscard]] ApiType projectType(
    const std::string &name, std::int64_t created, const Hosts &hosts, HostSockets &sockets);

} // namespace faultline::lab
