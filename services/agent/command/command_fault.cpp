// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/agent/command/command_fault.h"

#include "services/agent/frame/arguments.h"
#include "services/agent/process/hand_undo.h"

namespace faultline::agent {

CommandFault::CommandFault(const Spec &spec, CommandPair commands)
    : m_spec(spec)
    , m_commands(std::move(commands))
{
}

Outcome<ToolEnd> CommandFault::run(const std::string &command) const
{
    ToolRun run{ { "/bin/sh", "-c", command }, {}, fromSeconds(m_commands.within) };
    if (!m_commands.inHelper) {
        const auto processes = findTarget(m_spec.target);
        if (!processes)
            return tl::make_unexpected(processes.error());
        const std::string root = "/proc/" + std::to_string(processes->front().number) + "/root";
        run.arguments.insert(run.arguments.begin(), { findTool("chroot"), root });
    }
    return runTool(run);
}

Outcome<> CommandFault::check()
{
    if (!m_commands.inHelper) {
        const auto tried = run("exit 0");
        if (!tried)
            return tl::make_unexpected(tried.error());
        if (!tried->good())
            return refused(Refusal::CannotHere,
                "/bin/sh can't be run in the target: " + tried->words()
                    + ". The helper needs CAP_SYS_CHROOT and CAP_SYS_PTRACE, and the target a "
                      "shell.");
    }
    return {};
}

Outcome<> CommandFault::inject(BootClock::time_point until)
{
    if (const auto processes = targetProcesses(m_spec.target); !processes.empty())
        m_first = processes.front();
    if (!m_deadMan.start(until, [this] { (void)run(m_commands.undo); }))
        return refused(Refusal::CannotHere,
            "No process can be started that would undo it if the agent were killed.");
    const auto done = run(m_commands.inject);
    if (!done)
        return tl::make_unexpected(done.error());
    return done->good()
        ? Outcome<>()
        : refused(Refusal::DidNotBite, "The command that injects failed: " + done->words());
}

Outcome<> CommandFault::renew(BootClock::time_point until)
{
    m_deadMan.renew(until);
    return {};
}

Proof CommandFault::ask(
    const std::string &command, const char *believed, const char *question) const
{
    const auto none = nlohmann::json::object();
    if (command.empty())
        return { true, believed, none };
    const auto answer = run(command);
    if (!answer)
        return { false, answer.error().text, none };
    return { answer->good(),
        std::string(question) + (answer->good() ? "yes." : "no: " + answer->words()),
        { { "exitCode", answer->code } } };
}

Proof CommandFault::proveInForce()
{
    return ask(m_commands.inForce, "No command was given that tells whether it is in force.",
        "The command asked whether it is in force: ");
}

Outcome<> CommandFault::undo()
{
    m_deadMan.dismiss();
    const auto done = run(m_commands.undo);
    if (!done)
        return tl::make_unexpected(done.error());
    return done->good()
        ? Outcome<>()
        : refused(Refusal::Leaked, "The command that undoes failed: " + done->words());
}

Proof CommandFault::proveOut()
{
    return ask(m_commands.out,
        "The command that undoes succeeded; none was given that tells whether it is out.",
        "The command asked whether it is out: ");
}

std::string CommandFault::handUndo() const
{
    return handUndoCommand(m_spec, "SYS_CHROOT,SYS_PTRACE");
}

bool CommandFault::targetGone()
{
    return m_first && !isAlive(*m_first);
}

Outcome<std::unique_ptr<Fault>> makeCommand(const Spec &spec)
{
    Arguments arguments(spec.arguments, "arguments");
    CommandPair commands;
    commands.inject = arguments.text("inject");
    commands.undo = arguments.text("undo");
    commands.inForce = arguments.text("inForce", "");
    commands.out = arguments.text("out", "");
    commands.inHelper = arguments.choice("where", { "target", "helper" }) == "helper";
    commands.within = arguments.number("within", { 1, 600 }, 30);
    arguments.finish();
    if (const auto &problem = arguments.problem())
        return tl::make_unexpected(*problem);
    if (!commands.inHelper && spec.target.container.empty())
        return refused(Refusal::BadSpec, "target.container is missing");
    return std::make_unique<CommandFault>(spec, std::move(commands));
}

Ability commandAbility()
{
    const bool can = !findTool("chroot").empty();
    return { can, "commands of the user's", can ? "" : "the helper has no chroot" };
}

} // namespace faultline::agent
