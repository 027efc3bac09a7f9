// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/lab/rancher/api_types.h"
#include "services/lab/rancher/resource_store.h"

#include <string>

namespace faultline::lab {

/// What is known of the engine's machine. Lab thread.
struct HostFacts
{
    bool connected = false;
    std::string reason; ///< why not
    Json info = Json::object(); ///< Docker's GET /info
    std::int64_t since = 0; ///< ms: when the lab was created
};

[[nodiscard]] ApiType projectType(const std::string &name, std::int64_t created);
[[nodiscard]] ApiType hostType(const HostFacts &host, const ResourceStore &store);
[[nodiscard]] std::optional<Json> hostJson(
    const ApiScope &scope, const HostFacts &host, const ResourceStore &store);

} // namespace faultline::lab
