// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/runs/probe/probe_series.h"
#include "services/runs/probe_attempt.h"

#include <QThread>

#include <memory>
#include <mutex>

namespace faultline::runs {

/// Measures with a case's probes at a steady rate on a thread of its own. Attempt n is due n ×
/// every after the start, whatever became of the ones before (open loop, no drift); one that got
/// its turn late is measured from when it was due.
class ProbeClock
{
public:
    /// A second of one probe that is complete. Called on the probes' thread.
    using OnSecond = std::function<void(const std::string &probe, const ProbeSecond &)>;

    /// `inside` runs the commands of exec probes inside containers; `passwords` are for sql probes.
    ProbeClock(std::vector<cases::Probe> probes, Resolve resolve, OnSecond onSecond,
        ExecInside inside = {}, SqlPasswords passwords = {});
    /// Stops.
    ~ProbeClock();
    ProbeClock(const ProbeClock &) = delete;
    ProbeClock &operator=(const ProbeClock &) = delete;

    void start();
    /// Starts no more attempts, waits for those under way (at most their timeout) and closes the
    /// series.
    void stop();

    /// When attempt 0 was due.
    [[nodiscard]] std::chrono::steady_clock::time_point startedAt() const { return m_start; }
    /// Copies of the series by probe id. Complete after stop().
    [[nodiscard]] std::map<std::string, ProbeSeries> series() const;
    /// Lets `look` see a series as it is now, without a copy; not called for a probe that measured
    /// nothing yet. Measuring waits meanwhile: be quick.
    void lookAt(
        const std::string &probe, const std::function<void(const ProbeSeries &)> &look) const;

private:
    struct Line;
    class Worker;

    const std::vector<cases::Probe> m_probes;
    const Resolve m_resolve;
    const OnSecond m_onSecond;
    const ExecInside m_inside;
    const SqlPasswords m_passwords;
    std::chrono::steady_clock::time_point m_start;
    mutable std::mutex m_mutex;
    std::map<std::string, ProbeSeries> m_series; // under m_mutex
    QThread m_thread;
    Worker *m_worker = nullptr; // lives on m_thread
    bool m_isRunning = false;
};

} // namespace faultline::runs
