// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/agent/frame/boot_clock.h"

#include <cstddef>
#include <string>
#include <vector>

namespace faultline::agent::network {

/// How many echo requests go to each address, how, and how long their answers are waited for.
struct EchoPlan
{
    std::vector<std::string> addresses;
    std::size_t count = 3; ///< per address
    std::size_t bytes = 56; ///< of payload, at least 16
    BootClock::duration gap = std::chrono::milliseconds(1); ///< between two requests to one address
    BootClock::duration patience = std::chrono::milliseconds(300); ///< after the last request
};

/// What came back, over all addresses.
struct EchoResult
{
    std::size_t sent = 0; ///< tried; one that the kernel refused to send is a lost one
    std::size_t answered = 0; ///< different requests that an answer came for
    std::size_t repeated = 0; ///< answers that came again
    std::size_t altered = 0; ///< answers whose bytes are not what was sent
    std::size_t overtaken = 0; ///< answers that came after that of a later request
    std::size_t silentPeers = 0; ///< addresses that answered nothing
    double meanMs = 0; ///< of the round trips
    double leastMs = 0;
    double bytesPerSecond
        = 0; ///< from the first answer to the last, IP headers counted; 0: fewer than two

    [[nodiscard]] double lostPercent() const
    {
        return sent == 0 ? 0
                         : 100.0 * static_cast<double>(sent - answered) / static_cast<double>(sent);
    }
};

/// Measures with ICMP echo, IPv4 and IPv6; returns early when everything is answered. Needs
/// CAP_NET_RAW; without it, and without addresses, nothing is `sent`.
[[nodiscard]] EchoResult echo(const EchoPlan &plan);

/// Whether echo can be used here at all.
[[nodiscard]] bool canEcho();

} // namespace faultline::agent::network
