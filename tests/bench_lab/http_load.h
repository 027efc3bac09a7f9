// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>

namespace faultline::bench {

struct Load
{
    double perSecond = 0;
    double medianMs = 0;
    double p99Ms = 0;
    std::int64_t bytes = 0; ///< received, heads included
    std::string error; ///< of the first request that went wrong; empty = none
};

/// A TCP connection to a port of this machine; -1 when there is none.
[[nodiscard]] int connectTo(int port);

/// Sends requests one after the other on each of `connections` kept connections for `duration`.
/// `request` gives the text of the n-th request of one connection. Only 2xx answers with a
/// Content-Length count.
[[nodiscard]] Load run(int port, int connections, std::chrono::milliseconds duration,
    const std::function<std::string(int connection, int n)> &request);

/// One request on a connection of its own: the whole answer, head and body; empty on failure.
[[nodiscard]] std::string ask(int port, const std::string &request);

} // namespace faultline::bench
