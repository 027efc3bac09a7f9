// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>

namespace faultline::runs {

/// One second of a probe as `series/<probe>.csv` holds it; latencies in ms.
struct SeriesRow
{
    std::int64_t second = 0; ///< since the probes' start
    int ok = 0;
    int failed = 0;
    double p50 = 0;
    double p99 = 0;
    double most = 0;
};

inline constexpr const char *seriesHeader = "second,ok,failed,p50_ms,p99_ms,max_ms\n";
[[nodiscard]] std::string seriesLine(const SeriesRow &row);
/// What a workload measured, as `series/workload.metrics.csv` holds it.
inline constexpr const char *metricsFile = "series/workload.metrics.csv";
inline constexpr const char *metricsHeader = "second,name,value\n";
[[nodiscard]] std::string metricsLine(std::int64_t second, const std::string &name, double value);
/// A probe's id as a file name, with ".csv".
[[nodiscard]] std::string seriesFileName(const std::string &probe);

} // namespace faultline::runs
