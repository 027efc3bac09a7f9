// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <chrono>

namespace faultline::net {

/// Exponential backoff with full jitter: the n-th wait is uniform in [0, min(cap, base * 2^n)).
struct Backoff
{
    std::chrono::milliseconds base{ 500 };
    std::chrono::milliseconds cap{ 30'000 };

    /// Longest wait before repetition `repetition` (0 is the first one).
    [[nodiscard]] std::chrono::milliseconds ceiling(int repetition) const
    {
        const int doublings = std::clamp(repetition, 0, 20);
        return std::min(cap, std::chrono::milliseconds(base.count() << doublings));
    }

    /// The wait before repetition `repetition`; `random` is uniform in [0, 1).
    [[nodiscard]] std::chrono::milliseconds wait(int repetition, double random) const
    {
        const auto longest = static_cast<double>(ceiling(repetition).count());
        return std::chrono::milliseconds(static_cast<long long>(longest * random));
    }
};

} // namespace faultline::net
