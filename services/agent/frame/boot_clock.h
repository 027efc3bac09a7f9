// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <cstdint>
#include <ctime>

namespace faultline::agent {

/// Time since the machine started, counted while it sleeps, too, and never set by anybody: what
/// leases are measured in.
struct BootClock
{
    using rep = std::int64_t;
    using period = std::nano;
    using duration = std::chrono::nanoseconds;
    using time_point = std::chrono::time_point<BootClock>;
    static constexpr bool is_steady = true;

    static time_point now() noexcept
    {
        timespec time{};
        ::clock_gettime(CLOCK_BOOTTIME, &time);
        return time_point(
            std::chrono::seconds(time.tv_sec) + std::chrono::nanoseconds(time.tv_nsec));
    }
};

/// Seconds with their fraction, as reports carry them.
inline double inSeconds(BootClock::duration time)
{
    return std::chrono::duration<double>(time).count();
}

/// Seconds of a fault's JSON as a duration.
inline BootClock::duration fromSeconds(double seconds)
{
    return std::chrono::duration_cast<BootClock::duration>(std::chrono::duration<double>(seconds));
}

} // namespace faultline::agent
