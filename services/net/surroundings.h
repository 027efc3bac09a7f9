// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/net/call.h"

#include <QDateTime>

#include <chrono>
#include <functional>
#include <memory>

namespace faultline::net {

/// Time as network code sees it; handed in so that tests can turn the clock themselves.
class Clock
{
public:
    virtual ~Clock() = default;

    /// Time since some fixed moment; never jumps when somebody sets the clock.
    [[nodiscard]] virtual std::chrono::milliseconds monotonic() const = 0;

    /// The date, for times that a server or a person names.
    [[nodiscard]] virtual QDateTime utc() const = 0;

    /// Runs `action` once after `delay` from the event loop of the calling thread, unless the call
    /// is dropped.
    [[nodiscard]] virtual Call after(std::chrono::milliseconds delay, std::function<void()> action)
        = 0;
};

/// The clock of this machine, on Qt timers.
[[nodiscard]] std::shared_ptr<Clock> systemClock();

/// A random number in [0, 1) from the system's generator.
[[nodiscard]] double systemRandom();

/// What network code takes from outside besides sockets.
struct Surroundings
{
    std::shared_ptr<Clock> clock = systemClock();
    std::function<double()> random = systemRandom; ///< uniform in [0, 1)
};

} // namespace faultline::net
