// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/cases/plan/plan.h"
#include "services/runs/live_stack.h"
#include "services/runs/record/event_log.h"

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

/// One fault of a run's plan. Driven by tick() from a flow thread; no function waits longer than
/// one request. A state is announced before what it stands for is done: "injecting" is the intent.
class CaseFault
{
public:
    using Clock = std::chrono::steady_clock;
    /// False when the change could not be written down: nothing is injected without that.
    using OnChange = std::function<bool(const CaseFault &fault)>;
    /// Runs the case's command that names the leader and gives what it printed last.
    using AskLeader = std::function<domain::Result<QString>(const std::string &faultId)>;

    CaseFault(cases::PlannedFault plan, int number, OnChange onChange)
        : m_plan(std::move(plan))
        , m_number(number)
        , m_onChange(std::move(onChange))
    {
    }
    virtual ~CaseFault() = default;
    CaseFault(const CaseFault &) = delete;
    CaseFault &operator=(const CaseFault &) = delete;

    /// Resolves the targets, announces the intent and acts.
    virtual void inject() = 0;
    /// Looks how far it is: in force, back by itself, out; tries again what did not work.
    virtual void tick() = 0;
    /// Undoes it, if there is anything to undo; also after a failure, any number of times.
    virtual void undo() = 0;
    /// Leaves it in for so long, on the target's own timer; false when it can't be left.
    [[nodiscard]] virtual bool hold(std::chrono::milliseconds time)
    {
        (void)time;
        return false;
    }
    /// True when the container's end is this fault's doing; the fault takes note of it.
    [[nodiscard]] virtual bool explains(const Death &death) = 0;

    /// The target is gone, so nothing of the fault is left.
    void setMoot()
    {
        if (isActive() || m_state == FaultState::Leaked)
            enter(FaultState::Moot);
    }
    /// No more tries: what is not out by now is leaked.
    void giveUp()
    {
        if (isActive())
            enter(FaultState::Leaked);
    }

    [[nodiscard]] FaultState state() const { return m_state; }
    /// Begun and not over.
    [[nodiscard]] bool isActive() const
    {
        return m_state != FaultState::Planned && !isOver(m_state) && !m_isHeld;
    }
    [[nodiscard]] bool isHeld() const { return m_isHeld; } ///< it stays in, with the scene
    /// Somebody else ended what was held.
    void released(bool isOut)
    {
        m_isHeld = false;
        enter(isOut ? FaultState::Out : FaultState::Leaked);
    }
    /// Ids under which the ledger of faults knows it.
    [[nodiscard]] virtual QStringList injected() const { return {}; }
    [[nodiscard]] bool wasInForce() const { return m_wasInForce; }
    [[nodiscard]] virtual bool cameBackByItself() const { return false; }
    [[nodiscard]] const cases::PlannedFault &plan() const { return m_plan; }
    [[nodiscard]] int number() const { return m_number; }
    [[nodiscard]] const QList<FaultTarget> &targets() const { return m_targets; }
    [[nodiscard]] virtual QString targetText() const = 0;
    [[nodiscard]] QString trouble() const { return m_trouble; } ///< the last error, or why skipped
    /// The command that would undo it by hand.
    [[nodiscard]] virtual QString undoText() const = 0;
    /// More about it for events; an object, or null.
    [[nodiscard]] virtual Json details() const { return nullptr; }
    [[nodiscard]] Clock::time_point begunAt() const { return m_begun; }
    [[nodiscard]] Clock::time_point overAt() const { return m_over; }

protected:
    bool enter(FaultState state)
    {
        m_state = state;
        if (state == FaultState::InForce)
            m_wasInForce = true;
        if (isOver(state))
            m_over = Clock::now();
        return m_onChange(*this);
    }
    void skip(const QString &why)
    {
        m_trouble = why;
        enter(FaultState::Skipped);
    }

    const cases::PlannedFault m_plan;
    const int m_number;
    const OnChange m_onChange;
    FaultState m_state = FaultState::Planned;
    QList<FaultTarget> m_targets;
    bool m_wasInForce = false;
    bool m_isHeld = false;
    QString m_trouble;
    Clock::time_point m_begun;
    Clock::time_point m_over;
};

} // namespace faultline::runs
