// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/runs/checks.h"

#include <deque>
#include <utility>

namespace faultline::runs {

/// availability, latency and recovery of a probe, once all is measured.
[[nodiscard]] std::optional<Finding> checkProbe(
    const cases::Check &check, const Measured &measured);

/// One such check with `when: during`, asked again and again while a run goes on: an outage that
/// lasts too long already, a fault that was not recovered from in time, a quantile over the last
/// `with.window` (60 s). A percentage needs the whole run and is judged at its end.
class ProbeWatch
{
public:
    explicit ProbeWatch(cases::Check check);

    /// At most once a second.
    [[nodiscard]] std::optional<Finding> look(const ProbeSeries &series,
        std::chrono::steady_clock::time_point probesStart, const std::vector<FaultSpan> &faults,
        std::chrono::steady_clock::time_point now);

    [[nodiscard]] const cases::Check &check() const { return m_check; }

private:
    const cases::Check m_check;
    const milliseconds m_window;
    std::deque<std::pair<std::chrono::steady_clock::time_point, LatencyHistogram>> m_past;
};

} // namespace faultline::runs
