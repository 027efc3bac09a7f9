// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/net/rate_limits.h"
#include "services/net/surroundings.h"

#include <optional>

namespace faultline::net {

/// Decides when requests to one server may start, from what its answers said: at most eight at once,
/// none before a Retry-After, none past RateLimit-Remaining 0, and only one at a time after a limit
/// until an answer was good. Whoever waits for the gate starts at a moment of its own, spread over
/// three fifths of the waiting time.
class RequestGate
{
public:
    explicit RequestGate(Surroundings surroundings);

    /// Learns from the headers of an answer.
    void learn(const RateLimits &limits);

    /// The server named a limit (429, or 503 with Retry-After): closed until then. Without a time,
    /// a backoff of the gate's own that grows with each limit in a row.
    void close(const RateLimits &limits);

    /// An answer was good: full speed again.
    void open();

    /// True when one more request may start beside `inFlight` running ones.
    [[nodiscard]] bool mayStart(int inFlight) const;

    /// Monotonic time at which a request that comes now may start; different for each one that
    /// waits.
    [[nodiscard]] std::chrono::milliseconds startTime() const;

    /// Monotonic time of the opening; in the past when the gate is open.
    [[nodiscard]] std::chrono::milliseconds opensAt() const { return m_opensAt; }

    /// UTC time until which the server wants no request; nothing when it is not limited.
    [[nodiscard]] std::optional<QDateTime> limitedUntil() const;

    [[nodiscard]] RateState state() const;

private:
    void closeUntil(const QDateTime &date);

    Surroundings m_surroundings;
    RateState m_state;
    std::optional<QDateTime> m_resetAt;
    std::chrono::milliseconds m_closedAt{ 0 };
    std::chrono::milliseconds m_opensAt{ 0 };
    int m_limitsInRow = 0;
};

} // namespace faultline::net
