// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/agent/frame/descriptor.h"

#include <cstdint>
#include <span>
#include <vector>

namespace faultline::agent::network {

/// A socket that sends IP packets as they are, marked as our own (`RuleTable::ownMark`); -1 without
/// CAP_NET_RAW.
[[nodiscard]] Descriptor rawSocket(bool six);

/// Sends a whole IPv4 or IPv6 packet to where it says; true: it went. Nothing is sent for what is
/// no such packet.
bool sendCopy(int rawFour, int rawSix, std::span<const std::uint8_t> packet);

/// The packet with one bit of what follows its IP header flipped, so that it arrives and its
/// checksum tells.
[[nodiscard]] std::vector<std::uint8_t> withOneBitFlipped(
    std::span<const std::uint8_t> packet, std::uint64_t random);

/// The answer with this code and nothing else to a DNS question in a UDP packet over IPv4 or IPv6
/// (RFC 1035, 4.1); empty when the packet is no such question.
[[nodiscard]] std::vector<std::uint8_t> dnsAnswer(
    std::span<const std::uint8_t> packet, std::uint8_t code);

} // namespace faultline::agent::network
