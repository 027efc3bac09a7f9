// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/cases/schema/case_file.h"
#include "services/runs/record/event_log.h"
#include "services/runs/record/finding.h"

#include <QString>

#include <chrono>
#include <map>
#include <memory>
#include <optional>
#include <string>

namespace faultline::runs {

/// What a workload tells of itself while it runs: how far it is (`progress`, a file with "N/M"),
/// what it measures (`metrics`, an expression on its output with named groups), and that it lives
/// at all (`heartbeat`, the longest time without a line or a step). Used on one thread.
class WorkloadSigns
{
public:
    using Clock = std::chrono::steady_clock;

    WorkloadSigns(const cases::Workload &workload, QString progressFile, EventLog &events);
    ~WorkloadSigns();

    /// It has been started.
    void begin(Clock::time_point now);
    /// It printed a line.
    void heard(std::string_view line, Clock::time_point now);
    /// Numbers that were measured elsewhere, e.g. fetched from the workload's own page.
    void measured(const std::map<std::string, double> &values, Clock::time_point now);
    /// To be called often while it runs. A finding when it gave no sign for longer than its
    /// heartbeat, once per silence: nobody can tell whether it still tests anything.
    [[nodiscard]] std::optional<Finding> look(Clock::time_point now);
    /// It has ended: what is not told yet is told.
    void end(Clock::time_point now);

    /// All that it measured, as a file of the bundle; empty when it measured nothing.
    [[nodiscard]] const std::string &csv() const { return m_csv; }

    /// How long it still takes at the rate so far; nothing without a `progress` that moves.
    [[nodiscard]] std::optional<std::chrono::seconds> timeLeft(Clock::time_point now) const;

private:
    struct Pattern;

    void readProgress(Clock::time_point now, bool isLast);
    void tellMetrics(Clock::time_point now);
    [[nodiscard]] std::int64_t secondAt(Clock::time_point now) const;

    const std::chrono::milliseconds m_heartbeat;
    const QString m_progressFile; // empty = none
    EventLog &m_events;
    std::unique_ptr<Pattern> m_pattern;
    Clock::time_point m_begin;
    Clock::time_point m_lastSign;
    bool m_silenceTold = false;
    Clock::time_point m_nextLook;
    std::int64_t m_done = 0;
    std::int64_t m_total = 0;
    std::map<std::string, double> m_values; // of the second that goes on
    std::int64_t m_valuesSecond = 0;
    int m_metricsTold = 0;
    std::string m_csv;
};

} // namespace faultline::runs
