// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/lab/docker/cancellation.h"

#include <tl/expected.hpp>

#include <chrono>
#include <functional>
#include <string>
#include <string_view>
#include <system_error>

namespace faultline::lab {

struct HttpQuestion
{
    std::string method = "GET";
    std::string target;
    std::string body; ///< JSON; none when empty
    std::chrono::milliseconds patience{ 30'000 }; ///< longest silence; 0 = for ever
    std::function<void()> accepted
        = nullptr; ///< called when the header of a 2xx answer has arrived
};

struct HttpAnswer
{
    int status = 0;
    std::string body; ///< empty when a receiver took it
};

/// Takes a piece of a body as it arrives; false ends the exchange.
using BodyReceiver = std::function<bool(std::string_view piece)>;

/// One HTTP/1.1 request over a unix socket, blocking, on a connection of its own. With `receiver`
/// the body of a 2xx answer goes there; other bodies are collected (at most 64 MiB).
[[nodiscard]] tl::expected<HttpAnswer, std::error_code> exchange(const std::string &socketPath,
    const HttpQuestion &question, const Cancellation &cancellation,
    const BodyReceiver &receiver = nullptr);

} // namespace faultline::lab
