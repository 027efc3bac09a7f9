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

/// An interface of this network namespace that a device of the machine is behind, empty when there
/// is none: that namespace is the machine's own and not a container's.
[[nodiscard]] std::string machineInterface();

} // namespace faultline::agent::network
