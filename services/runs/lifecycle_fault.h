// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/cases/plan/plan.h"
#include "services/runs/live_stack.h"

#include <functional>

namespace faultline::runs {

/// Where a fault stands (the same words everywhere).
enum class FaultState { Planned, Injecting, InForce, Recovering, Out, Moot, Leaked, Skipped };
[[nodiscard]] const char *nameOf(FaultState state);
/// True when nothing more will happen to it.
[[nodiscard]] bool isOver(FaultState state);

/// One container, or the service, that a fault acts on, as it was before.
struct FaultTarget
{
    domain::ContainerId id; ///< empty for a service
    QString name;
    QString dockerId;
    int startCount = 0;
    bool wasSeenDown = false; ///< since the injection
    domain::HostId host = {};
    bool isPaused = false; ///< as its engine said last
};

/// One injection of a fault that the stack's own verbs can do. Driven by tick() from a flow thread;
/// no function waits longer than one request. A state is announced before what it stands for is
/// done: "injecting" is the intent.
class LifecycleFault
{
public:
    using Clock = std::chrono::steady_clock;
    /// False when the change could not be written down: nothing is injected without that.
    using OnChange = std::function<bool(const LifecycleFault &fault)>;
    /// Runs the case's command that names the leader and gives what it printed last.
    using AskLeader = std::function<domain::Result<QString>(const std::string &faultId)>;

    /// `arguments` are those of the case's fault; `service` is its role's.
    LifecycleFault(cases::PlannedFault plan, std::map<std::string, std::string> arguments,
        QString service, int number, stacks::StackBackend &backend, const LiveStack &stack,
        OnChange onChange, AskLeader askLeader = {});

    /// Resolves the targets, announces the intent and acts.
    void inject();
    /// Looks how far it is: in force, back by itself, out; tries again what did not work.
    void tick();
    /// Undoes it, if there is anything to undo; also after a failure, any number of times.
    void undo();
    /// The target is gone, so nothing of the fault is left.
    void setMoot();
    /// No more tries: what is not out by now is leaked.
    void giveUp();

    /// True when the container's end is this fault's doing; the fault takes note of it.
    [[nodiscard]] bool explains(const Death &death);

    [[nodiscard]] FaultState state() const { return m_state; }
    [[nodiscard]] bool isActive() const; ///< begun and not over
    [[nodiscard]] bool wasInForce() const { return m_wasInForce; }
    [[nodiscard]] bool cameBackByItself() const { return m_cameBack; }
    [[nodiscard]] const cases::PlannedFault &plan() const { return m_plan; }
    [[nodiscard]] int number() const { return m_number; }
    [[nodiscard]] const QList<FaultTarget> &targets() const { return m_targets; }
    [[nodiscard]] QString targetText() const;
    [[nodiscard]] QString trouble() const { return m_trouble; } ///< the last error, or why skipped
    /// The command that would undo it by hand.
    [[nodiscard]] QString undoText() const;
    [[nodiscard]] Clock::time_point begunAt() const { return m_begun; }
    [[nodiscard]] Clock::time_point overAt() const { return m_over; }

private:
    enum class Kind { Kill, Stop, Restart, Pause, Scale };

    [[nodiscard]] bool resolve();
    void resolveLeader();
    [[nodiscard]] static Kind kindOf(const std::string &name);
    void addTarget(const domain::Container &container);
    bool enter(FaultState state);
    void skip(const QString &why);
    void actOnTargets();
    [[nodiscard]] domain::Result<void> act(const FaultTarget &target);
    [[nodiscard]] domain::Result<void> scaleTo(int scale);
    [[nodiscard]] bool seemsInForce() const;
    [[nodiscard]] bool seemsOut() const;
    [[nodiscard]] bool isHit(const FaultTarget &target) const;
    void tryUndo();

    const cases::PlannedFault m_plan;
    const std::map<std::string, std::string> m_arguments;
    const QString m_service;
    const int m_number;
    Kind m_kind;
    stacks::StackBackend &m_backend;
    const LiveStack &m_stack;
    const OnChange m_onChange;
    const AskLeader m_askLeader;
    FaultState m_state = FaultState::Planned;
    QList<FaultTarget> m_targets;
    int m_scaleBefore = 0;
    int m_scaleTo = 0;
    bool m_wasInForce = false;
    bool m_cameBack = false;
    bool m_undoWasAccepted = false;
    QString m_trouble;
    Clock::time_point m_begun;
    Clock::time_point m_over;
    Clock::time_point m_nextTry;
};

} // namespace faultline::runs
