// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/runs/record/finding.h"
#include "services/runs/run_state.h"

#include <memory>
#include <vector>

namespace faultline::runs {

/// Follows the logs of a run's containers for the checks log.pattern with `when: during`, which
/// must not find what they look for. A container that is started again is followed again, from a
/// little before, so that nothing between is missed. Used on the flow thread.
class LogWatch
{
public:
    LogWatch(const RunState &state, const std::vector<cases::Check> &checks);
    ~LogWatch();
    LogWatch(const LogWatch &) = delete;
    LogWatch &operator=(const LogWatch &) = delete;

    /// Opens the logs of containers that are not followed yet.
    void follow();
    /// Reads what came. The first match ends a check.
    [[nodiscard]] Findings look();

    [[nodiscard]] bool isEmpty() const { return m_lines.empty(); }
    [[nodiscard]] std::optional<bool> isBroken(const cases::Check &check) const;

private:
    struct Line;
    struct Tails;

    void searchIn(const QString &container, const std::string &service, const QByteArray &line,
        Findings &findings);

    const RunState &m_state;
    std::vector<std::unique_ptr<Line>> m_lines;
    std::shared_ptr<Tails> m_tails;
};

} // namespace faultline::runs
