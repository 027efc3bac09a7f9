// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <tl/expected.hpp>

#include "services/lab/runner/stop_signal.h"

namespace faultline::lab {

struct HttpReply
{
    int status = 0;
    std::vector<std::pair<std::string, std::string>> headers; ///< names in lower case
    std::string body;

    [[nodiscard]] std::string_view header(std::string_view name) const;
};

/// A small blocking HTTP/1.1 client with one kept connection, for a runner on the same machine:
/// http only, IPv4. One thread at a time.
class HttpClient
{
public:
    using Headers = std::vector<std::pair<std::string, std::string>>;

    /// `url` is an origin, "http://127.0.0.1:7480". A raised `stop` ends a request with an error.
    HttpClient(const std::string &url, const StopSignal &stop);
    ~HttpClient();
    HttpClient(const HttpClient &) = delete;
    HttpClient &operator=(const HttpClient &) = delete;

    /// Sends one request; a kept connection that turns out to be dead is replaced once. At most 60
    /// s.
    [[nodiscard]] tl::expected<HttpReply, std::string> send(std::string_view method,
        std::string_view path, const Headers &headers, std::string_view body);

private:
    using Done = tl::expected<void, std::string>;

    [[nodiscard]] Done connectOnce();
    [[nodiscard]] Done write(std::string_view bytes);
    [[nodiscard]] Done readMore();
    [[nodiscard]] tl::expected<HttpReply, std::string> exchange(
        std::string_view head, std::string_view body);
    [[nodiscard]] tl::expected<HttpReply, std::string> readReply();
    [[nodiscard]] Done readBody(HttpReply &reply);
    [[nodiscard]] Done readChunks(std::string &body);
    void disconnect();

    std::string m_host;
    std::string m_port;
    const StopSignal &m_stop;
    int m_socket = -1;
    std::string m_received;
};

} // namespace faultline::lab
