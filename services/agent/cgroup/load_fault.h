// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/agent/cgroup/cgroup_tree.h"
#include "services/agent/cgroup/load.h"
#include "services/agent/frame/fault.h"
#include "services/agent/frame/spec.h"
#include "services/agent/process/child.h"
#include "services/agent/process/target_processes.h"

#include <filesystem>
#include <memory>
#include <optional>
#include <vector>

namespace faultline::agent {

/// Makes the load when it begins, since it may need a descriptor of the living target.
using MakeLoad = Outcome<std::unique_ptr<Load>> (*)(const Spec &spec);

/// Load on the target's account: worker processes of the agent in cgroups nested in the target's.
/// They end by themselves, at the end of the time that they share with the agent, and with it; what
/// can be left then is an empty cgroup.
class LoadFault : public Fault
{
public:
    /// `controllers`: whose cgroups the workers enter; the first must be there, the others are used
    /// where they are.
    LoadFault(const Spec &spec, std::vector<std::string> controllers, std::string mechanism,
        MakeLoad make);

    [[nodiscard]] std::string mechanism() const override { return m_mechanism; }
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
    [[nodiscard]] Outcome<> locate();
    [[nodiscard]] bool startWorker(Child &child);
    [[nodiscard]] double amount() const;
    [[nodiscard]] std::vector<pid_t> members() const;

    const Spec m_spec;
    const std::vector<std::string> m_controllers;
    const std::string m_mechanism;
    const MakeLoad m_make;
    std::unique_ptr<Load> m_load;
    std::optional<CgroupTree> m_tree;
    std::vector<std::filesystem::path> m_folders; ///< the nested ones
    std::optional<ProcessId> m_first;
    SharedWork m_work;
    std::vector<Child> m_workers;
    int m_restarts = 0;
};

} // namespace faultline::agent
