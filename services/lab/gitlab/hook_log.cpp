// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/lab/gitlab/hook_log.h"

#include <algorithm>

namespace faultline::lab {

namespace {

constexpr std::size_t mostDeliveries = 500;
constexpr std::size_t longestResponse = 8 * 1024;
constexpr Milliseconds sevenDays = 7LL * 24 * 3600 * 1000;
constexpr const char *tokenHeader = "X-Gitlab-Token";

OrderedJson headersJson(const HookDelivery::Headers &headers)
{
    OrderedJson out = OrderedJson::object();
    for (const auto &[name, value] : headers)
        out[name] = name == tokenHeader ? "[REDACTED]" : value;
    return out;
}

// "Job Hook" is told as "job_hooks".
std::string triggerOf(const std::string &event)
{
    return event == "Pipeline Hook" ? "pipeline_hooks" : "job_hooks";
}

} // namespace

OrderedJson HookDelivery::json() const
{
    OrderedJson data = OrderedJson::parse(requestBody, nullptr, false);
    return { { "id", id }, { "url", url }, { "trigger", triggerOf(event) },
        { "request_headers", headersJson(requestHeaders) },
        { "request_data", data.is_discarded() ? OrderedJson::object() : std::move(data) },
        { "response_headers", headersJson(responseHeaders) }, { "response_body", responseBody },
        { "execution_duration", seconds },
        { "response_status",
            status == 0 ? std::string("internal error") : std::to_string(status) } };
}

void HookLog::add(HookDelivery delivery)
{
    delivery.id = ++m_newest;
    delivery.responseBody.resize(std::min(delivery.responseBody.size(), longestResponse));
    m_deliveries.push_back(std::move(delivery));
    if (m_deliveries.size() > mostDeliveries)
        m_deliveries.pop_front();
}

std::vector<const HookDelivery *> HookLog::of(std::int64_t hook, Milliseconds now) const
{
    std::vector<const HookDelivery *> out;
    for (auto delivery = m_deliveries.rbegin(); delivery != m_deliveries.rend(); ++delivery)
        if (delivery->hook == hook && now - delivery->sent < sevenDays)
            out.push_back(&*delivery);
    return out;
}

const HookDelivery *HookLog::find(std::int64_t hook, std::int64_t id) const
{
    for (const HookDelivery &delivery : m_deliveries)
        if (delivery.hook == hook && delivery.id == id)
            return &delivery;
    return nullptr;
}

} // namespace faultline::lab
