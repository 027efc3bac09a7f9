// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/runs/live_checks.h"

#include <utility>

namespace faultline::runs {

using namespace std::chrono_literals;

namespace {

constexpr auto probeGap = 1s;
constexpr auto commandLimit = 30s;

} // namespace

LiveChecks::LiveChecks(const RunState &state, const ProbeClock &probes)
    : m_state(state)
    , m_probes(probes)
    , m_invariants(
          effectiveChecks(state.request.caseFile),
          [&state](const cases::Check &check) { return sqlPlaces(state, check); },
          state.request.passwords,
          [&state](const cases::Check &check, const std::function<bool()> &mayGoOn) {
              return askCommand(state, check,
                  QStringLiteral("check-during-%1.log").arg(check.place.line),
                  std::min(state.deadline, RunState::Clock::now() + commandLimit), mayGoOn);
          })
    , m_logs(state, effectiveChecks(state.request.caseFile))
{
    for (const cases::Check &check : effectiveChecks(state.request.caseFile)) {
        if (check.when == cases::Check::When::During
            && (check.kind.starts_with("probe.") || check.kind == "recovery"))
            m_probeChecks.push_back({ ProbeWatch(check), false });
    }
}

void LiveChecks::start()
{
    m_invariants.start();
}

void LiveChecks::stop()
{
    m_invariants.stop();
}

Findings LiveChecks::look()
{
    Findings out = m_invariants.takeFindings();
    for (Finding &finding : m_logs.look())
        out.push_back(std::move(finding));
    if (RunState::Clock::now() < m_next)
        return out;
    m_next = RunState::Clock::now() + probeGap;
    m_logs.follow();
    lookAtProbes(out);
    return out;
}

void LiveChecks::lookAtProbes(Findings &findings)
{
    const auto spans = m_state.faults.spans();
    const auto now = RunState::Clock::now();
    for (Probe &probe : m_probeChecks) {
        if (probe.isBroken)
            continue;
        m_probes.lookAt(argumentOf(probe.watch.check(), "probe"), [&](const ProbeSeries &series) {
            auto finding = probe.watch.look(series, m_probes.startedAt(), spans, now);
            probe.isBroken = finding.has_value();
            if (finding)
                findings.push_back(std::move(*finding));
        });
    }
}

std::optional<LiveChecks::Tally> LiveChecks::tallyOf(const cases::Check &check) const
{
    if (auto tally = m_invariants.tallyOf(check))
        return tally;
    Tally out;
    if (const auto isBroken = m_logs.isBroken(check)) {
        out.isBroken = *isBroken;
        return out;
    }
    for (const Probe &probe : m_probeChecks) {
        if (idOf(probe.watch.check()) == idOf(check) && probe.watch.check().place == check.place) {
            out.isBroken = probe.isBroken;
            return out;
        }
    }
    return std::nullopt;
}

} // namespace faultline::runs
