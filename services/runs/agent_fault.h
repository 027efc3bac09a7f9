// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/faults/injection.h"
#include "services/faults/target_pick.h"
#include "services/runs/case_fault.h"

namespace faultline::runs {

/// One injection of a fault that agents carry out, on one container or on several at once. Either
/// all of them are hit, or all of it is undone: half a partition is another fault.
class AgentFault : public CaseFault
{
public:
    struct Parts
    {
        stacks::StackBackend &backend;
        const LiveStack &stack;
        std::shared_ptr<faults::Ledger> ledger;
        faults::FaultOrigin origin;
        std::map<std::string, std::string> services; ///< by role
        std::uint64_t seed = 0;
    };

    AgentFault(cases::PlannedFault plan, const cases::FaultEntry &entry, int number, Parts parts,
        OnChange onChange, AskLeader askLeader);

    void inject() override;
    void tick() override;
    void undo() override;
    [[nodiscard]] bool hold(std::chrono::milliseconds time) override;
    [[nodiscard]] bool explains(const Death &death) override;
    [[nodiscard]] bool cameBackByItself() const override { return m_endedEarly; }
    [[nodiscard]] QString targetText() const override;
    [[nodiscard]] QString undoText() const override;
    [[nodiscard]] Json details() const override;
    [[nodiscard]] QStringList injected() const override;

private:
    [[nodiscard]] domain::Result<QList<faults::PickedTarget>> resolve();
    [[nodiscard]] faults::TargetWish targetWish() const;
    [[nodiscard]] std::map<std::string, std::string> arguments() const;
    void look();
    void end();

    const cases::FaultEntry m_entry;
    const Parts m_parts;
    const AskLeader m_askLeader;
    QString m_leader;
    std::vector<std::unique_ptr<faults::Injection>> m_injections;
    bool m_wasAsked = false; // to undo, or to end by itself
    bool m_endedEarly = false;
};

/// Whether a kind is injected by agents in helper containers rather than by the stack's own verbs.
[[nodiscard]] bool isOfAgents(const std::string &kind);

/// What no agent here can do of the kinds that the plan needs, in sentences; empty when all can be
/// done. Asks one agent; on a flow thread.
[[nodiscard]] domain::Result<QStringList> lackingKinds(
    stacks::StackBackend &backend, const cases::Plan &plan, const net::CancelToken &token);

/// Where runs and commands of this machine keep their faults; by a run's environment.
[[nodiscard]] QString faultLedgerFile(const QMap<QString, QString> &environment);

} // namespace faultline::runs
