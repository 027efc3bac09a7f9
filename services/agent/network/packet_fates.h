// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/agent/frame/boot_clock.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <random>

namespace faultline::agent::network {

/// What is done to packets, all at once if need be; percentages are of packets.
struct FatePlan
{
    double delayMs = 0;
    double jitterMs = 0; ///< each packet's delay is drawn from delay - jitter to delay + jitter
    double lossPercent = 0;
    double duplicatePercent = 0;
    double corruptPercent = 0;
    double reorderPercent = 0; ///< are held for `reorderMs`, so that later ones overtake them
    double reorderMs = 0;
    double correlation = 0; ///< 0 to 1: the share of packets that fare like the one before
    double rate = 0; ///< bytes per second and direction, of IP packets; 0: no limit
    /// DNS questions are answered with this code of RFC 1035, 4.1.1; 0: they are not answered.
    std::uint8_t dnsCode = 0;
};

/// One packet's fate.
struct Fate
{
    bool drop = false;
    bool duplicate = false;
    bool corrupt = false;
    BootClock::duration hold = BootClock::duration::zero();
};

/// Draws fates from a seed: the same seed and packets give the same fates. Pure arithmetic, no I/O.
class PacketFates
{
public:
    PacketFates(const FatePlan &plan, std::uint64_t seed);

    /// `bytes`: of the IP packet (of all its segments, when the kernel had joined them).
    [[nodiscard]] Fate next(std::size_t bytes, bool outgoing, BootClock::time_point now);

private:
    enum Event : std::size_t { Lose, Duplicate, Corrupt, Reorder, EventCount };

    /// Happens to `percent` of all packets in the long run whatever the correlation is; that only
    /// makes runs longer.
    bool happens(Event event, double percent);
    double jitter();
    double uniform();
    bool shape(std::size_t bytes, bool outgoing, BootClock::time_point now, Fate &fate);

    const FatePlan m_plan;
    std::mt19937_64 m_random;
    std::array<bool, EventCount> m_last{};
    double m_lastJitter = 0;
    std::array<BootClock::time_point, 2> m_free{}; ///< when the line of a direction is free again
};

} // namespace faultline::agent::network
