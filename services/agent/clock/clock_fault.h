// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/agent/clock/process_clock.h"
#include "services/agent/clock/vdso_image.h"
#include "services/agent/frame/fault.h"
#include "services/agent/frame/spec.h"
#include "services/agent/process/target_processes.h"

#include <map>
#include <optional>

namespace faultline::agent {

/// The wall clock of every process of a target, shifted in the process itself (ProcessClock).
/// Processes that begin later are found within a tenth of a second; those that read the clock by a
/// raw system call are not reached. Nothing but the time on the target's own patch keeps it in
/// force: without a renewal the clocks are right again at the deadline to the nanosecond.
class ClockFault : public Fault
{
public:
    ClockFault(const Spec &spec, const ClockShift &shift);

    [[nodiscard]] static std::string way();

    [[nodiscard]] std::string mechanism() const override { return way(); }
    [[nodiscard]] Outcome<> check() override;
    [[nodiscard]] Outcome<> inject(BootClock::time_point until) override;
    [[nodiscard]] Proof proveInForce() override;
    [[nodiscard]] Outcome<> renew(BootClock::time_point until) override;
    [[nodiscard]] Outcome<> undo() override;
    [[nodiscard]] Proof proveOut() override;
    [[nodiscard]] std::string handUndo() const override;
    [[nodiscard]] bool targetGone() override;
    [[nodiscard]] std::optional<BootClock::duration> tickEvery() const override;
    [[nodiscard]] Outcome<> tick() override;

private:
    [[nodiscard]] Outcome<> loadImage();
    [[nodiscard]] Outcome<> examine(const ProcessId &process, const ProcessClock &clock) const;
    [[nodiscard]] Outcome<> reach(const ProcessId &process);
    [[nodiscard]] Outcome<bool> reachNew();

    const Spec m_spec;
    const ClockShift m_shift;
    std::optional<VdsoImage> m_image;
    ClockPatchHead m_head;
    std::optional<ProcessId> m_first;
    std::map<ProcessId, std::uintptr_t> m_reached; ///< and where the head is
    std::chrono::nanoseconds m_longestStop{ 0 };
};

} // namespace faultline::agent
