// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/runs/sql/sql_exchange.h"

#include <chrono>
#include <functional>

namespace faultline::runs {

/// Asks and waits on this thread, at most until the deadline; `mayGoOn` is asked every 50 ms and
/// ends it when it says no. Not for a thread with an event loop.
[[nodiscard]] SqlEnd askSql(SqlServer server, std::string statement,
    std::chrono::steady_clock::time_point deadline, const std::function<bool()> &mayGoOn);

} // namespace faultline::runs
