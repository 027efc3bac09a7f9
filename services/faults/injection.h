// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/faults/fault_undo.h"

#include <functional>
#include <memory>

namespace faultline::faults {

/// What is to be injected, and how.
struct InjectionWish
{
    FaultSpec spec;
    FaultOrigin origin;
    OnConflict onConflict = OnConflict::Refuse;
    std::chrono::milliseconds longestWait{ 60'000 }; ///< for another fault's end
    /// The timer at the target is all that keeps it: the lease is its whole duration.
    bool isHeld = false;
    bool follows = false; ///< into a target that was started again or replaced
    /// For a hold: the flow ends once the fault is in force, and leaves it there.
    bool leavesInForce = false;
};

/// One fault from its intent to its proven end, on a thread of its own. Made, used and destroyed
/// while the backend's thread runs its event loop; thread-safe. Destroying it undoes the fault.
class Injection
{
public:
    /// Told of each change, on the injection's thread; the change is in the ledger already.
    using OnChange = std::function<void(const FaultRecord &record, const FaultReport &report)>;

    Injection(stacks::StackBackend &backend, std::shared_ptr<Ledger> ledger, InjectionWish wish,
        OnChange onChange = {});
    ~Injection();
    Injection(const Injection &) = delete;
    Injection &operator=(const Injection &) = delete;

    /// Undo now; returns at once.
    void stop();
    /// So much longer than it was asked for.
    void extend(std::chrono::milliseconds by);
    /// It stays in for so long without us: afterwards the flow ends.
    void hold(std::chrono::milliseconds time);

    /// Where it stands. With `follows` it is the newest of its faults.
    [[nodiscard]] FaultRecord record() const;
    [[nodiscard]] bool isInForce() const { return record().state == FaultState::InForce; }
    /// True once the flow has ended: the fault is over, or held.
    [[nodiscard]] bool hasEnded() const;
    /// Why it was not injected, or not undone; empty without trouble.
    [[nodiscard]] std::optional<domain::Error> trouble() const;
    /// It was in force at some time.
    [[nodiscard]] bool wasInForce() const;
    /// From the request until it was in force; 0 when it never was.
    [[nodiscard]] std::chrono::milliseconds timeToForce() const;

    struct Shared; ///< with the flow

private:
    class Thread;

    std::shared_ptr<Shared> m_shared;
    std::unique_ptr<Thread> m_thread;
};

} // namespace faultline::faults
