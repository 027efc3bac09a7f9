// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

#include <algorithm>
#include <chrono>

namespace faultline::domain {

/// How long a feed waits before attempt `attempt` (1 is the first after a loss) to reach its server
/// again: `step` × attempt, at most `longest`, the first one at half a step; spread by ±25 % so
/// that many consoles don't come back at once. A server on this machine is asked at least every 4
/// s, because a person who restarts it looks at the screen. `random` is uniform in [0, 1).
[[nodiscard]] inline std::chrono::milliseconds attemptDelay(int attempt,
    std::chrono::milliseconds step, std::chrono::milliseconds longest, bool isLoopback,
    double random)
{
    using std::chrono::milliseconds;
    const milliseconds wanted = attempt <= 1 ? step / 2 : step * (attempt - 1);
    const milliseconds cap = isLoopback ? std::min(longest, milliseconds(4000)) : longest;
    const auto base = static_cast<double>(std::min(wanted, cap).count());
    const double spread = isLoopback ? 0.95 + 0.05 * random : 0.75 + 0.5 * random;
    return milliseconds(static_cast<long long>(base * spread));
}

/// True for localhost and the addresses of this machine's loopback.
[[nodiscard]] inline bool isLoopbackHost(const QString &host)
{
    return host == QStringLiteral("localhost") || host == QStringLiteral("::1")
        || host.startsWith(QStringLiteral("127."));
}

} // namespace faultline::domain
