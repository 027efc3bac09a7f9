// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/agent/frame/fault.h"
#include "services/agent/frame/spec.h"
#include "services/agent/frame/tool.h"
#include "services/agent/kinds.h"
#include "services/agent/process/dead_man.h"
#include "services/agent/process/target_processes.h"

#include <optional>
#include <string>

namespace faultline::agent {

/// What somebody wrote as a pair of commands for /bin/sh, and, if they like, two that tell how it
/// stands.
struct CommandPair
{
    std::string inject;
    std::string undo;
    std::string inForce; ///< exit code 0: it is in force; empty: believed
    std::string out; ///< exit code 0: it is out; empty: the undo's exit code is believed
    bool inHelper = false; ///< rather than in the target's files
    double within = 30; ///< seconds for each
};

/// A user's own fault. `undo` must bear being run when nothing was injected and more than once:
/// that is promised to it.
class CommandFault : public Fault
{
public:
    CommandFault(const Spec &spec, CommandPair commands);

    [[nodiscard]] std::string mechanism() const override { return "commands of the user's"; }
    [[nodiscard]] Outcome<> check() override;
    [[nodiscard]] Outcome<> inject(BootClock::time_point until) override;
    [[nodiscard]] Proof proveInForce() override;
    [[nodiscard]] Outcome<> renew(BootClock::time_point until) override;
    [[nodiscard]] Outcome<> undo() override;
    [[nodiscard]] Proof proveOut() override;
    [[nodiscard]] std::string handUndo() const override;
    [[nodiscard]] bool targetGone() override;

private:
    [[nodiscard]] Outcome<ToolEnd> run(const std::string &command) const;
    [[nodiscard]] Proof ask(
        const std::string &command, const char *believed, const char *question) const;

    const Spec m_spec;
    const CommandPair m_commands;
    std::optional<ProcessId> m_first;
    DeadMan m_deadMan;
};

/// command {inject, undo, inForce, out, where: target|helper, within: seconds}.
[[nodiscard]] Outcome<std::unique_ptr<Fault>> makeCommand(const Spec &spec);
[[nodiscard]] Ability commandAbility();

} // namespace faultline::agent
