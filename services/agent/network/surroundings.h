// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <set>
#include <string>
#include <vector>

namespace faultline::agent::network {

/// The indexes of the interfaces of this network namespace, without the loopback one.
[[nodiscard]] std::set<unsigned> interfaces();

/// The addresses that a fault's effect can be measured with: single addresses among the peers, else
/// the IPv4 gateway. At most four.
[[nodiscard]] std::vector<std::string> measurable(const std::vector<std::string> &peers);

} // namespace faultline::agent::network
