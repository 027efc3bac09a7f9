// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <unordered_map>

#include "services/lab/gitlab/store_records.h"
#include "services/lab/http/router.h"

namespace faultline::lab {

/// Counts the requests of each token in minutes of the clock, as GitLab's Rack::Attack throttle
/// does, which is off until someone turns it on. Lab thread.
class RateLimit
{
public:
    /// `perMinute` 0: no limit, and no headers.
    explicit RateLimit(std::size_t perMinute);

    struct Count
    {
        std::size_t limit = 0;
        std::size_t observed = 0;
        Milliseconds now = 0;
        Milliseconds reset = 0;

        [[nodiscard]] bool isRefused() const { return observed > limit; }
        /// 429 with Retry-After, and plain text for a body.
        [[nodiscard]] Response refusal() const;
        /// RateLimit-*.
        void addHeaders(Response &response) const;
    };

    [[nodiscard]] bool isOn() const { return m_limit > 0; }
    [[nodiscard]] Count count(const std::string &token, Milliseconds now);

private:
    std::size_t m_limit;
    Milliseconds m_minute = 0;
    std::unordered_map<std::string, std::size_t> m_counts; // of this minute
};

} // namespace faultline::lab
