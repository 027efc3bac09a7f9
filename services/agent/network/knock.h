// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/agent/network/echo.h"

#include <cstdint>
#include <string>
#include <vector>

namespace faultline::agent::network {

/// Measures with TCP connections to a port: one that is refused is an answer, too. Of the plan the
/// addresses, count (at most 3 are made to each address) and patience count; of the result `sent`,
/// `answered`, `silentPeers` and the round trips.
[[nodiscard]] EchoResult knock(const EchoPlan &plan, std::int64_t port);

/// Sends to each address a TCP packet that seems to come from this machine's `port` and that
/// everybody answers, so that a rule for what comes to that port has something to do; waits a
/// moment for the answers. IPv4 only. Needs CAP_NET_RAW.
void lure(const std::vector<std::string> &addresses, std::uint16_t port);

} // namespace faultline::agent::network
