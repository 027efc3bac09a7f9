// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/agent/cgroup/limit.h"
#include "services/agent/frame/fault.h"
#include "services/agent/frame/spec.h"
#include "services/agent/process/dead_man.h"
#include "services/agent/process/target_processes.h"

#include <memory>
#include <optional>

namespace faultline::agent {

/// A limit on the target's cgroup. The kernel doesn't end it by itself: a dead man beside the agent
/// writes the old values back when the agent is killed, and the note on the cgroup lets any later
/// agent do so when both were.
class LimitFault : public Fault
{
public:
    LimitFault(const Spec &spec, std::unique_ptr<Limit> limit);

    [[nodiscard]] std::string mechanism() const override { return m_limit->mechanism(); }
    [[nodiscard]] Outcome<> check() override;
    [[nodiscard]] Outcome<> inject(BootClock::time_point until) override;
    [[nodiscard]] Proof proveInForce() override;
    [[nodiscard]] Outcome<> renew(BootClock::time_point until) override;
    [[nodiscard]] Outcome<> undo() override;
    [[nodiscard]] Proof proveOut() override;
    [[nodiscard]] std::string handUndo() const override;
    [[nodiscard]] bool targetGone() override;

private:
    [[nodiscard]] Outcome<> locate();

    const Spec m_spec;
    const std::unique_ptr<Limit> m_limit;
    std::optional<CgroupTree> m_tree;
    std::filesystem::path m_folder;
    std::optional<RememberedValues> m_values;
    std::optional<ProcessId> m_first;
    DeadMan m_deadMan;
    std::string m_leftAlone;
};

} // namespace faultline::agent
