// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/runs/probe/latency_histogram.h"

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace faultline::runs {

using std::chrono::milliseconds;

/// One attempt of a probe. `at` is when it was due, not when it got its turn: a stall of the target
/// or of this machine shows up as latency and is not hidden.
struct Attempt
{
    milliseconds at{ 0 }; ///< since the probes' start
    bool isOk = false;
    double latency = 0; ///< ms, from `at` to the answer
    std::string why = {}; ///< it failed, where the probe can tell
};

/// The attempts that were due in one second.
struct ProbeSecond
{
    std::int64_t second = 0; ///< since the probes' start
    int ok = 0;
    int failed = 0;
    double p50 = 0; ///< ms, of those that succeeded; 0 without any
    double p99 = 0;
    double most = 0;
    std::string why = {}; ///< the first of them that failed did, if known
};

/// From the first failed attempt to the next one that succeeded, by the times they were due.
struct Outage
{
    milliseconds begin{ 0 };
    std::optional<milliseconds> end; ///< empty = never came back
};

/// What one probe measured. Attempts end in any order; they are counted in the order they were due.
class ProbeSeries
{
public:
    /// The attempt with that number (from 0, without gaps) has ended.
    void ended(std::int64_t number, const Attempt &attempt);
    /// No more attempts come: closes the last second. Attempts that never ended are not counted.
    void close();

    [[nodiscard]] const std::vector<ProbeSecond> &seconds() const { return m_seconds; }
    [[nodiscard]] const std::vector<Outage> &outages() const { return m_outages; }
    /// The longest outage; one that never ended counts up to the last attempt.
    [[nodiscard]] milliseconds longestOutage() const;
    [[nodiscard]] std::int64_t okCount() const { return m_ok; }
    [[nodiscard]] std::int64_t failedCount() const { return m_failed; }
    [[nodiscard]] const LatencyHistogram &latencies() const { return m_latencies; }

    /// Header and one line per second.
    [[nodiscard]] std::string csv() const;

private:
    void count(const Attempt &attempt);
    void closeSecond();

    std::map<std::int64_t, Attempt> m_waiting; // ended before an earlier one did
    std::int64_t m_next = 0;
    ProbeSecond m_open;
    std::vector<double> m_openLatencies;
    bool m_hasOpen = false;
    milliseconds m_last{ 0 };
    std::vector<ProbeSecond> m_seconds;
    std::vector<Outage> m_outages;
    std::int64_t m_ok = 0;
    std::int64_t m_failed = 0;
    LatencyHistogram m_latencies;
};

} // namespace faultline::runs
