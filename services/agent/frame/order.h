// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/agent/frame/outcome.h"

#include <string_view>

namespace faultline::agent {

/// What a controller asks of a fault that is held.
struct Order
{
    enum class Verb { Renew, Extend, Hold, Stop, State };

    Verb verb = Verb::State;
    double seconds = 0; ///< of Renew, Extend and Hold
    bool lingers = false; ///< of Stop: who asked still has to look at it when it is out
};

/// Reads one line of the control stream: `{"renew":30}`, `{"extend":60}`, `{"hold":3600}`,
/// `{"stop":true}`,
/// `{"stop":"linger"}`, `{"state":true}`.
[[nodiscard]] Outcome<Order> readOrder(std::string_view line);

} // namespace faultline::agent
