// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

#include <algorithm>
#include <chrono>

namespace faultline::domain {

/// How long a feed waits before attempt `attempt` (1 is the first after a loss) to reach its server
/// again: half a step, a step, then twice as long each time, at most `longest`; spread by ±25 % so
/// that many consoles don't come back at once. So no more than three attempts fall into the first
/// 5 s when a step is 1 s. A server on this machine is asked every 4 s at last, because a person
/// who restarts it looks at the screen. `random` is uniform in [0, 1).
[[nodiscard]] inline std::chrono::milliseconds attemptDelay(int attempt,
    std::chrono::milliseconds step, std::chrono::milliseconds longest, bool isLoopback,
    double random)
{
    using std::chrono::milliseconds;
    const int doublings = std::clamp(attempt - 2, 0, 10);
    const milliseconds wanted = attempt <= 1 ? step / 2 : step * (1 << doublings);
    const milliseconds cap = isLoopback ? std::min(longest, milliseconds(4000)) : longest;
    const auto base = static_cast<double>(std::min(wanted, cap).count());
    const double spread = isLoopback ? 1.0 + 0.02 * random : 0.75 + 0.5 * random;
    return milliseconds(static_cast<long long>(base * spread));
}

/// The longest step of a feed: with its spread a server that is back is found within 35 s.
constexpr std::chrono::milliseconds longestAttemptDelay{ 25'000 };

/// True for localhost and the addresses of this machine's loopback.
[[nodiscard]] inline bool isLoopbackHost(const QString &host)
{
    return host == QStringLiteral("localhost") || host == QStringLiteral("::1")
        || host.startsWith(QStringLiteral("127."));
}

} // namespace faultline::domain
