// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/runs/probe/latency_histogram.h"

#include <algorithm>
#include <cmath>

namespace faultline::runs {

namespace {

constexpr double least = 0.001; // ms
const double growth = std::log(1.01);

} // namespace

void LatencyHistogram::add(double milliseconds)
{
    const double position = std::ceil(std::log(std::max(milliseconds, least) / least) / growth);
    const auto last = static_cast<double>(m_buckets.size() - 1);
    ++m_buckets[static_cast<std::size_t>(std::clamp(position, 0.0, last))];
    ++m_count;
}

double LatencyHistogram::quantile(double quantile) const
{
    const double wanted = std::ceil(quantile * static_cast<double>(m_count));
    double seen = 0;
    for (std::size_t i = 0; i < m_buckets.size(); ++i) {
        seen += m_buckets[i];
        if (m_buckets[i] > 0 && seen >= wanted)
            return least * std::exp(growth * static_cast<double>(i));
    }
    return 0;
}

LatencyHistogram LatencyHistogram::since(const LatencyHistogram &earlier) const
{
    LatencyHistogram out = *this;
    for (std::size_t i = 0; i < m_buckets.size(); ++i)
        out.m_buckets[i] -= earlier.m_buckets[i];
    out.m_count -= earlier.m_count;
    return out;
}

} // namespace faultline::runs
