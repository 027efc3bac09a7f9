// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/agent/frame/boot_clock.h"
#include "services/agent/frame/outcome.h"

#include <optional>
#include <string>

namespace faultline::agent {

/// One fault of one kind on one target. The life cycle calls, all on one thread:
/// check -> inject -> proveInForce -> (renew | tick)* -> undo -> proveOut. `undo` and the two
/// proofs are also called on a fresh object in another process (the reaper's `undo`, `probe`), so
/// they may lean on the spec and on what is found on the target only, never on members that
/// `inject` set, unless they do without.
///
/// Signals are blocked in the whole process: start programs by `runTool`, which gives them back. A
/// kind that needs a loop of its own (a queue, a FUSE file system) runs it on a thread of its own
/// that its destructor ends.
class Fault
{
public:
    Fault() = default;
    Fault(const Fault &) = delete;
    Fault &operator=(const Fault &) = delete;
    virtual ~Fault() = default;

    /// How it is done here, in a few words ("nft set with timeout"); may change in `check`.
    [[nodiscard]] virtual std::string mechanism() const = 0;

    /// Whether this machine can (CannotHere), nothing foreign is in the way (Foreign) and the
    /// target lives (Moot). Changes nothing.
    [[nodiscard]] virtual Outcome<> check() = 0;

    /// Brings the effect into force until `until`, when it must end by itself within 5 s where the
    /// mechanism can. On a failure the life cycle calls `undo`, so half of it may be in. Measure a
    /// baseline for the proofs here.
    [[nodiscard]] virtual Outcome<> inject(BootClock::time_point until) = 0;

    /// Whether the effect is felt, measured rather than read back where that can be. At most a few
    /// seconds.
    [[nodiscard]] virtual Proof proveInForce() = 0;

    /// Moves the time at which the effect ends by itself; called at least once a third of the
    /// lease.
    [[nodiscard]] virtual Outcome<> renew(BootClock::time_point until) = 0;

    /// Removes what is proven ours and nothing else. Idempotent: nothing to remove is a success.
    [[nodiscard]] virtual Outcome<> undo() = 0;

    /// Whether the effect is gone. Asked again for a few seconds until it holds.
    [[nodiscard]] virtual Proof proveOut() = 0;

    /// The shell command with which a person undoes it, run in the helper or where the text says.
    [[nodiscard]] virtual std::string handUndo() const = 0;

    /// Whether the target no longer exists, so that nothing of ours can be left on it. Asked once a
    /// second.
    [[nodiscard]] virtual bool targetGone() { return false; }

    /// How often `tick` is wanted while the fault is in force (clock.strobe, a crash loop); none:
    /// never.
    [[nodiscard]] virtual std::optional<BootClock::duration> tickEvery() const
    {
        return std::nullopt;
    }
    [[nodiscard]] virtual Outcome<> tick() { return {}; }
};

} // namespace faultline::agent
