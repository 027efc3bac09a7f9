// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/runs/sql/sql_call.h"

#include <poll.h>

namespace faultline::runs {

namespace {

constexpr int lookGapMs = 50;

} // namespace

SqlEnd askSql(SqlServer server, std::string statement,
    std::chrono::steady_clock::time_point deadline, const std::function<bool()> &mayGoOn)
{
    SqlExchange exchange(std::move(server), std::move(statement));
    exchange.start();
    while (!exchange.isOver()) {
        if (!mayGoOn()) {
            exchange.giveUp("the run ended");
            break;
        }
        if (std::chrono::steady_clock::now() >= deadline) {
            exchange.giveUp("no answer in time");
            break;
        }
        pollfd set{ exchange.descriptor(), exchange.wanted(), 0 };
        if (::poll(&set, 1, lookGapMs) > 0)
            exchange.advance(set.revents);
    }
    return exchange.end();
}

} // namespace faultline::runs
