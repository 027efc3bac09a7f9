// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/agent/frame/fault.h"
#include "services/agent/frame/spec.h"
#include "services/agent/kinds.h"
#include "services/agent/process/dead_man.h"
#include "services/agent/process/target_processes.h"

#include <vector>

namespace faultline::agent {

/// A signal to the target's first process or to those of a name. STOP is taken back by CONT, also
/// by a dead man when the agent is killed; what another signal did can't be undone, and there is
/// nothing of ours left.
class SignalFault : public Fault
{
public:
    /// `name`: of the program, as /proc/PID/comm or the command line has it; empty: the first
    /// process.
    SignalFault(const Spec &spec, int signal, std::string name);

    [[nodiscard]] std::string mechanism() const override
    {
        return "signal to the target's processes";
    }
    [[nodiscard]] Outcome<> check() override;
    [[nodiscard]] Outcome<> inject(BootClock::time_point until) override;
    [[nodiscard]] Proof proveInForce() override;
    [[nodiscard]] Outcome<> renew(BootClock::time_point until) override;
    [[nodiscard]] Outcome<> undo() override;
    [[nodiscard]] Proof proveOut() override;
    [[nodiscard]] std::string handUndo() const override;
    [[nodiscard]] bool targetGone() override;

private:
    [[nodiscard]] Outcome<std::vector<ProcessId>> find() const;
    void goOn() const;

    const Spec m_spec;
    const int m_signal;
    const std::string m_name;
    std::vector<ProcessId> m_sent;
    std::optional<ProcessId> m_first;
    DeadMan m_deadMan;
};

/// process.signal {signal: KILL, TERM, STOP … or a number, name: of a program; the first process
/// when missing}.
[[nodiscard]] Outcome<std::unique_ptr<Fault>> makeSignal(const Spec &spec);
[[nodiscard]] Ability signalAbility();

} // namespace faultline::agent
