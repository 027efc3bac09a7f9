// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/runs/invariant_watch.h"
#include "services/runs/log_watch.h"
#include "services/runs/probe_checks.h"
#include "services/runs/probe_clock.h"

namespace faultline::runs {

/// The checks with `when: during`, from the first phase to the last. Each tells its first anomaly
/// at once; probes and logs are judged again at the end of the run if they had none. Used on the
/// flow thread.
class LiveChecks
{
public:
    using Tally = InvariantWatch::Tally;

    /// `state` and `probes` must outlive it.
    LiveChecks(const RunState &state, const ProbeClock &probes);

    void start();
    void stop();

    /// What was found since the last call. Call it often: it looks when it is time.
    [[nodiscard]] Findings look();

    /// What was seen of a check; nothing for one that is only made at the end.
    [[nodiscard]] std::optional<Tally> tallyOf(const cases::Check &check) const;

private:
    struct Probe
    {
        ProbeWatch watch;
        bool isBroken = false;
    };
    void lookAtProbes(Findings &findings);

    const RunState &m_state;
    const ProbeClock &m_probes;
    InvariantWatch m_invariants;
    LogWatch m_logs;
    std::vector<Probe> m_probeChecks;
    RunState::Clock::time_point m_next;
};

} // namespace faultline::runs
