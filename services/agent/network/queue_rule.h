// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/agent/frame/outcome.h"

#include <cstdint>
#include <string>

namespace faultline::agent::network {

/// How packets can be handed to a queue from a rule of nftables here.
enum class QueueRule {
    None, ///< not at all
    Own, ///< nftables' own expression: `queue flags bypass to N`
    Compatible ///< the target NFQUEUE of iptables, in a rule of nftables: kernels without the
               ///< expression
};

/// Asks the kernel; changes nothing.
[[nodiscard]] QueueRule queueRule();

/// Appends to a chain the rule that hands packets to a queue and lets them pass when nobody reads
/// it (`Compatible` only: nft's language has no words for it).
[[nodiscard]] Outcome<> appendCompatibleQueue(
    const std::string &table, const std::string &chain, std::uint16_t number);

} // namespace faultline::agent::network
