// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/lab/gitlab/rate_limit.h"

#include "services/lab/gitlab/api_time.h"

namespace faultline::lab {

namespace {

constexpr Milliseconds minute = 60'000;

} // namespace

RateLimit::RateLimit(std::size_t perMinute)
    : m_limit(perMinute)
{
}

RateLimit::Count RateLimit::count(const std::string &token, Milliseconds now)
{
    if (now / minute != m_minute) {
        m_minute = now / minute;
        m_counts.clear();
    }
    return { m_limit, ++m_counts[token], now, (m_minute + 1) * minute };
}

Response RateLimit::Count::refusal() const
{
    Response response;
    response.status = 429;
    response.contentType = "text/plain";
    response.body = "Retry later\n";
    addHeaders(response);
    response.headers.emplace_back("RateLimit-ResetTime", httpTimeText(reset));
    response.headers.emplace_back("Retry-After", std::to_string((reset - now + 999) / 1000));
    return response;
}

void RateLimit::Count::addHeaders(Response &response) const
{
    response.headers.emplace_back("RateLimit-Limit", std::to_string(limit));
    response.headers.emplace_back("RateLimit-Name", "throttle_authenticated_api");
    response.headers.emplace_back("RateLimit-Observed", std::to_string(observed));
    response.headers.emplace_back(
        "RateLimit-Remaining", std::to_string(observed < limit ? limit - observed : 0));
    response.headers.emplace_back("RateLimit-Reset", std::to_string(reset / 1000));
}

} // namespace faultline::lab
