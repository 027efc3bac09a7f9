// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/faults/ledger.h"
#include "services/runs/case_fault.h"
#include "services/runs/record/event_log.h"
#include "services/runs/record/finding.h"
#include "services/runs/run_request.h"

#include <memory>

namespace faultline::runs {

/// When a fault had its effect.
struct FaultSpan
{
    std::string id;
    std::chrono::steady_clock::time_point begin;
    std::chrono::steady_clock::time_point end;
};

/// Injects a plan's faults when they are due and undoes them when their time is over; every change
/// is a line of the ledger (synced to the disk before anything is touched) and an event. Used on a
/// flow thread.
class FaultEngine
{
public:
    /// `askLeader` runs the leader's command of the fault with that id.
    FaultEngine(const RunRequest &request, stacks::StackBackend &backend, const LiveStack &stack,
        EventLog &events, CaseFault::AskLeader askLeader = {});
    ~FaultEngine();
    FaultEngine(const FaultEngine &) = delete;
    FaultEngine &operator=(const FaultEngine &) = delete;

    /// `now` counts from the start of the first phase.
    void tick(std::chrono::milliseconds now);
    /// Nothing more is injected.
    void stopStarting() { m_starts = false; }
    void undoAll();
    /// Leaves what is in force in for so long, on the targets' own timers, and undoes the rest.
    void holdAll(std::chrono::milliseconds time);
    void setMoot();
    void giveUp();

    [[nodiscard]] bool isQuiet() const; ///< nothing is on its way in or out, or in but held
    /// Ids of the faults that stay in with the scene.
    [[nodiscard]] QStringList held() const;
    /// Undoes them after all: their scene is not kept.
    void releaseHeld(stacks::StackBackend &backend, const QString &server);
    [[nodiscard]] bool explains(const Death &death);
    [[nodiscard]] int leaked() const;
    [[nodiscard]] std::vector<FaultSpan> spans() const;
    /// Faults that had no effect, that could not be injected, and that did not last.
    [[nodiscard]] Findings findings() const;
    /// The commands that would undo by hand what is leaked.
    [[nodiscard]] QStringList undoCommands() const;
    /// Why the ledger can't be written.
    [[nodiscard]] std::optional<std::string> problem() const { return m_problem; }

private:
    void addFault(const RunRequest &request, const cases::PlannedFault &planned, int number,
        stacks::StackBackend &backend, const LiveStack &stack,
        const CaseFault::AskLeader &askLeader);
    [[nodiscard]] std::shared_ptr<faults::Ledger> openLedger(const RunRequest &request);
    [[nodiscard]] bool record(const CaseFault &fault);

    EventLog &m_events;
    int m_ledger = -1;
    std::shared_ptr<faults::Ledger> m_faultLedger; // of this machine; for faults of agents
    std::optional<std::string> m_problem;
    std::vector<std::unique_ptr<CaseFault>> m_faults; // by the time they are due
    bool m_starts = true;
};

} // namespace faultline::runs
