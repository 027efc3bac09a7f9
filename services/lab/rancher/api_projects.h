// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/lab/rancher/api_types.h"
#include "services/lab/rancher/host_sockets.h"
#include "services/lab/rancher/resource_store.h"

#include <functional>
#include <map>
#include <string>

namespace faultline::lab {

inline constexpr std::int64_t disconnectedAfterMs = 180'000;

/// What is known of the engine's machine. Lab thread.
struct HostFacts
{
    bool connected = false;
    std::string reason; ///< why not
    std::int64_t lostAt = 0; ///< ms: since when not; 0 = it never was

    /// Rancher's words: "reconnecting" for three minutes, then "disconnected" (facts: rancher.md
    /// §2).
    [[nodiscard]] const char *state(std::int64_t now) const;
    Json info = Json::object(); ///< Docker's GET /info
    std::int64_t since = 0; ///< ms: when the lab was created
    std::map<std::string, std::string> given; ///< labels that a client set
    std::string name; ///< that a client set
    std::string description;
};

/// Those that Rancher's agent gives by itself, and those that were set.
[[nodiscard]] std::map<std::string, std::string> labelsOf(const HostFacts &host);

[[nodiscard]] ApiType projectType(
    const std::string &name, std::int64_t created, HostSockets &sockets);
/// `changed` is called after a client changed name, description or labels.
[[nodiscard]] ApiType hostType(HostFacts &host, const ResourceStore &store, HostSockets &sockets,
    std::function<void()> changed);
[[nodiscard]] std::optional<Json> hostJson(
    const ApiScope &scope, const HostFacts &host, const ResourceStore &store);

} // namespace faultline::lab
