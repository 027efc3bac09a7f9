// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/runs/probe/probe_series.h"

#include "services/runs/record/series_csv.h"

#include <algorithm>
#include <cmath>

namespace faultline::runs {

namespace {

double exactQuantile(const std::vector<double> &sorted, double quantile)
{
    const double rank = std::ceil(quantile * static_cast<double>(sorted.size()));
    return sorted[static_cast<std::size_t>(std::max(rank, 1.0)) - 1];
}

} // namespace

void ProbeSeries::ended(std::int64_t number, const Attempt &attempt)
{
    m_waiting.emplace(number, attempt);
    while (!m_waiting.empty() && m_waiting.begin()->first == m_next) {
        count(m_waiting.begin()->second);
        m_waiting.erase(m_waiting.begin());
        ++m_next;
    }
}

void ProbeSeries::close()
{
    for (const auto &[number, attempt] : m_waiting)
        count(attempt);
    m_waiting.clear();
    closeSecond();
}

void ProbeSeries::count(const Attempt &attempt)
{
    const std::int64_t second = attempt.at.count() / 1'000;
    if (m_hasOpen && m_open.second != second)
        closeSecond();
    m_hasOpen = true;
    m_open.second = second;
    m_last = attempt.at;
    const bool isOut = !m_outages.empty() && !m_outages.back().end;
    if (attempt.isOk) {
        ++m_open.ok;
        ++m_ok;
        m_openLatencies.push_back(attempt.latency);
        m_latencies.add(attempt.latency);
        if (isOut)
            m_outages.back().end = attempt.at;
    } else {
        ++m_open.failed;
        if (m_open.why.empty())
            m_open.why = attempt.why;
        ++m_failed;
        if (!isOut)
            m_outages.push_back({ attempt.at, std::nullopt });
    }
}

void ProbeSeries::closeSecond()
{
    if (!m_hasOpen)
        return;
    if (!m_openLatencies.empty()) {
        std::sort(m_openLatencies.begin(), m_openLatencies.end());
        m_open.p50 = exactQuantile(m_openLatencies, 0.5);
        m_open.p99 = exactQuantile(m_openLatencies, 0.99);
        m_open.most = m_openLatencies.back();
    }
    m_seconds.push_back(m_open);
    m_open = {};
    m_openLatencies.clear();
    m_hasOpen = false;
}

milliseconds ProbeSeries::longestOutage() const
{
    milliseconds longest{ 0 };
    for (const Outage &outage : m_outages)
        longest = std::max(longest, outage.end.value_or(m_last) - outage.begin);
    return longest;
}

std::string ProbeSeries::csv() const
{
    std::string out = seriesHeader;
    for (const ProbeSecond &second : m_seconds)
        out += seriesLine(
            { second.second, second.ok, second.failed, second.p50, second.p99, second.most });
    return out;
}

} // namespace faultline::runs
