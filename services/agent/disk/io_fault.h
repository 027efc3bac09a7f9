// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/agent/disk/call_tracer.h"
#include "services/agent/frame/fault.h"
#include "services/agent/frame/spec.h"
#include "services/agent/kinds.h"
#include "services/agent/process/target_processes.h"

#include <memory>
#include <optional>

namespace faultline::agent {

/// Slow or failing transfers with the files of a path, by holding the target's system calls.
class IoFault : public Fault
{
public:
    IoFault(const Spec &spec, IoRule rule);

    [[nodiscard]] static std::string way() { return "system calls held by ptrace"; }
    [[nodiscard]] std::string mechanism() const override { return way(); }
    [[nodiscard]] Outcome<> check() override;
    [[nodiscard]] Outcome<> inject(BootClock::time_point until) override;
    [[nodiscard]] Proof proveInForce() override;
    [[nodiscard]] Outcome<> renew(BootClock::time_point until) override;
    [[nodiscard]] Outcome<> undo() override;
    [[nodiscard]] Proof proveOut() override;
    [[nodiscard]] std::string handUndo() const override;
    [[nodiscard]] bool targetGone() override;

private:
    [[nodiscard]] bool isOurs(pid_t tracer) const;

    const Spec m_spec;
    const IoRule m_rule;
    std::unique_ptr<CallTracer> m_tracer;
    std::optional<ProcessId> m_first;
};

/// io.latency {path, delay: ms, jitter: ms, operation: all|open|read|write|fsync, percent: 100}.
[[nodiscard]] Outcome<std::unique_ptr<Fault>> makeIoLatency(const Spec &spec);
/// io.error {path, errno: EIO, operation: all|open|read|write|fsync, percent: 100, delay: ms}.
[[nodiscard]] Outcome<std::unique_ptr<Fault>> makeIoError(const Spec &spec);
[[nodiscard]] Ability ioAbility();

} // namespace faultline::agent
