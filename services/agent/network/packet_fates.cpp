// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/agent/network/packet_fates.h"

#include <algorithm>

namespace faultline::agent::network {
namespace {

// A router's buffer: so much waiting is kept, and two joined packets of 64 KiB at the least.
constexpr BootClock::duration longestLine = std::chrono::milliseconds(400);
constexpr double leastLine = 2 * 65536;

BootClock::duration milliseconds(double ms)
{
    return fromSeconds(ms / 1000);
}

} // namespace

PacketFates::PacketFates(const FatePlan &plan, std::uint64_t seed)
    : m_plan(plan)
    , m_random(seed)
{
}

double PacketFates::uniform()
{
    return std::uniform_real_distribution<double>()(m_random);
}

bool PacketFates::happens(Event event, double percent)
{
    if (percent <= 0)
        return false;
    if (m_plan.correlation <= 0 || uniform() >= m_plan.correlation)
        m_last[event] = uniform() * 100 < percent;
    return m_last[event];
}

double PacketFates::jitter()
{
    if (m_plan.jitterMs > 0 && (m_plan.correlation <= 0 || uniform() >= m_plan.correlation))
        m_lastJitter = (uniform() * 2 - 1) * m_plan.jitterMs;
    return m_lastJitter;
}

bool PacketFates::shape(std::size_t bytes, bool outgoing, BootClock::time_point now, Fate &fate)
{
    BootClock::time_point &free = m_free[outgoing ? 1 : 0];
    free = std::max(free, now);
    const BootClock::duration most = std::max(longestLine, fromSeconds(leastLine / m_plan.rate));
    if (free - now > most)
        return false;
    free += fromSeconds(static_cast<double>(bytes) / m_plan.rate);
    fate.hold += free - now;
    return true;
}

Fate PacketFates::next(std::size_t bytes, bool outgoing, BootClock::time_point now)
{
    Fate fate;
    fate.drop = happens(Lose, m_plan.lossPercent);
    if (fate.drop)
        return fate;
    if (m_plan.rate > 0 && !shape(bytes, outgoing, now, fate)) {
        fate.drop = true;
        return fate;
    }
    fate.duplicate = happens(Duplicate, m_plan.duplicatePercent);
    fate.corrupt = happens(Corrupt, m_plan.corruptPercent);
    if (happens(Reorder, m_plan.reorderPercent))
        fate.hold += milliseconds(m_plan.reorderMs);
    fate.hold += milliseconds(std::max(0.0, m_plan.delayMs + jitter()));
    return fate;
}

} // namespace faultline::agent::network
