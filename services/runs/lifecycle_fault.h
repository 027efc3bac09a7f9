// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/runs/case_fault.h"
#include "services/stacks/stack_backend.h"

namespace faultline::runs {

/// One injection of a fault that the stack's own verbs can do.
class LifecycleFault : public CaseFault
{
public:
    /// `arguments` are those of the case's fault; `service` is its role's.
    LifecycleFault(cases::PlannedFault plan, std::map<std::string, std::string> arguments,
        QString service, int number, stacks::StackBackend &backend, const LiveStack &stack,
        OnChange onChange, AskLeader askLeader = {});

    void inject() override;
    void tick() override;
    void undo() override;
    [[nodiscard]] bool explains(const Death &death) override;
    [[nodiscard]] bool cameBackByItself() const override { return m_cameBack; }
    [[nodiscard]] QString targetText() const override;
    [[nodiscard]] QString undoText() const override;

private:
    enum class Kind { Kill, Stop, Restart, Pause, Scale };

    [[nodiscard]] bool resolve();
    void resolveLeader();
    [[nodiscard]] static Kind kindOf(const std::string &name);
    void addTarget(const domain::Container &container);
    void actOnTargets();
    [[nodiscard]] domain::Result<void> act(const FaultTarget &target);
    [[nodiscard]] domain::Result<void> scaleTo(int scale);
    [[nodiscard]] bool seemsInForce() const;
    [[nodiscard]] bool seemsOut() const;
    [[nodiscard]] bool isHit(const FaultTarget &target) const;
    void tryUndo();

    const std::map<std::string, std::string> m_arguments;
    const QString m_service;
    Kind m_kind;
    stacks::StackBackend &m_backend;
    const LiveStack &m_stack;
    const AskLeader m_askLeader;
    int m_scaleBefore = 0;
    int m_scaleTo = 0;
    bool m_cameBack = false;
    bool m_undoWasAccepted = false;
    Clock::time_point m_nextTry;
};

} // namespace faultline::runs
