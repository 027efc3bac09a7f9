// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/net/http_client.h"

#include <QDateTime>

#include <optional>

namespace faultline::net {

/// What the headers of one answer say about limits (facts: gitlab.md §8). Times are on our clock:
/// when the answer carries a Date, the difference between the server's clock and ours is taken out.
struct RateLimits
{
    int limit = -1; ///< RateLimit-Limit, per minute; -1 when absent
    int remaining = -1; ///< RateLimit-Remaining; -1 when absent
    std::optional<QDateTime>
        resetAt; ///< UTC, from RateLimit-Reset (unix seconds) or RateLimit-ResetTime (date)
    std::optional<QDateTime>
        retryAt; ///< UTC, from Retry-After: seconds or date; never before `now`
};

/// Reads Retry-After and RateLimit-* of one answer that arrived at `now` (UTC). Nonsense is treated
/// as absent.
[[nodiscard]] RateLimits rateLimitsOf(const HttpResponse &response, const QDateTime &now);

/// An HTTP date (RFC 9110 §5.6.7, all three forms) as UTC; invalid when it isn't one.
[[nodiscard]] QDateTime httpDate(const QByteArray &text);

} // namespace faultline::net
