// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

namespace faultline::lab {

/// One question to a container. Without a path it is enough that the port accepts.
struct HealthProbe
{
    std::string address; ///< IPv4
    std::uint16_t port = 0;
    std::string method; ///< empty: TCP only
    std::string path;
    std::string version; ///< "HTTP/1.0"
    std::chrono::milliseconds timeout{ 2000 };
};

/// Fills in method, path and version from Rancher's request line: GET "/healthz" "HTTP/1.0".
void readRequestLine(const std::string &line, HealthProbe &probe);

/// Blocks, for Workers: true when it answers in time; for HTTP with a 2xx or 3xx status.
[[nodiscard]] bool isAnswering(const HealthProbe &probe);

} // namespace faultline::lab
