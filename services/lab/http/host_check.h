// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/lab/http/router.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace faultline::lab {

/// Which names a request may call this server by. Web pages of other origins, and names that were
/// re-bound to loopback, are refused.
class HostCheck
{
public:
    HostCheck() = default;
    HostCheck(std::vector<std::string> names, std::uint16_t port);

    /// "127.0.0.1:7480", "localhost:7480", "[::1]:7480", or a configured name with our port or
    /// none.
    [[nodiscard]] bool acceptsHost(std::string_view host) const;
    /// An absent Origin is fine; "null" and foreign ones are not.
    [[nodiscard]] bool acceptsOrigin(std::string_view origin) const;
    /// The base of links in the answer: from Host, or from X-Forwarded-* when that names an
    /// accepted host.
    [[nodiscard]] std::string origin(const Request &request) const;

private:
    std::vector<std::string> m_names; ///< lower case
    std::string m_port;
};

} // namespace faultline::lab
