// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/lab/http/router.h"

#include <chrono>
#include <map>
#include <optional>
#include <string>

namespace faultline::lab {

/// Tokens of people who logged in with their keys: good for 16 h (facts: rancher.md §1). Lab
/// thread.
class BearerTokens
{
public:
    [[nodiscard]] std::string issue();
    /// The request has a good token: cookie `token` first, then "Authorization: Bearer", then the
    /// query's `token`; a cookie that is no good is not made up for by the others.
    [[nodiscard]] bool allows(const Request &request);
    /// Ends the request's token.
    void revoke(const Request &request);

private:
    std::map<std::string, std::chrono::steady_clock::time_point> m_tokens;
};

} // namespace faultline::lab
