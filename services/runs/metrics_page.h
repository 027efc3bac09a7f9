// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/runs/run_state.h"

#include <map>
#include <memory>
#include <string>

namespace faultline::runs {

/// Fetches a workload's own numbers over HTTP once a second, while it is asked for them:
/// `workload.metrics: http://role:port/path`, or an address. The page is a JSON object; its members
/// that are numbers count, also those one level deeper ("reads.p99"). Used on a flow thread.
class MetricsPage
{
public:
    /// Does nothing for a case without such an address.
    explicit MetricsPage(const RunState &state);
    ~MetricsPage();
    MetricsPage(const MetricsPage &) = delete;
    MetricsPage &operator=(const MetricsPage &) = delete;

    /// What came since the last call; empty most of the time.
    [[nodiscard]] std::map<std::string, double> take(RunState::Clock::time_point now);

private:
    struct Shared;

    void ask(const std::string &authority);

    const RunState &m_state;
    std::string m_role; ///< or a host's name
    int m_port = 0;
    QString m_path;
    RunState::Clock::time_point m_next;
    std::shared_ptr<Shared> m_shared;
};

/// The numbers of such a page; empty when it is none.
[[nodiscard]] std::map<std::string, double> metricsOf(const std::string &json);

} // namespace faultline::runs
