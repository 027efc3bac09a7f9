// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/agent/process/signal_fault.h"

#include "services/agent/frame/arguments.h"
#include "services/agent/process/hand_undo.h"

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <csignal>
#include <cstring>
#include <fstream>

namespace faultline::agent {
namespace {

constexpr std::size_t commLength = 15; // the kernel keeps no more of a name

/// The first word of the command line without its folders.
std::string programOf(pid_t number)
{
    std::ifstream file("/proc/" + std::to_string(number) + "/cmdline");
    std::string word;
    std::getline(file, word, '\0');
    return word.substr(word.find_last_of('/') + 1);
}

bool isNamed(pid_t number, const std::string &name)
{
    return processName(number) == name.substr(0, commLength) || programOf(number) == name;
}

/// 0: no such signal.
int signalOf(std::string name)
{
    int number = 0;
    if (const auto read = std::from_chars(name.data(), name.data() + name.size(), number);
        read.ec == std::errc{} && read.ptr == name.data() + name.size())
        return number > 0 && number < NSIG ? number : 0;
    if (name.starts_with("SIG"))
        name.erase(0, 3);
    for (int one = 1; one < NSIG; ++one)
        if (const char *const abbreviation = ::sigabbrev_np(one);
            abbreviation != nullptr && name == abbreviation)
            return one;
    return 0;
}

bool isStopped(const ProcessId &process)
{
    return isAlive(process) && processState(process.number) == 'T';
}

} // namespace

SignalFault::SignalFault(const Spec &spec, int signal, std::string name)
    : m_spec(spec)
    , m_signal(signal)
    , m_name(std::move(name))
{
}

Outcome<std::vector<ProcessId>> SignalFault::find() const
{
    auto processes = findTarget(m_spec.target);
    if (!processes)
        return processes;
    if (m_name.empty())
        processes->resize(1);
    else
        std::erase_if(
            *processes, [&](const ProcessId &process) { return !isNamed(process.number, m_name); });
    return processes;
}

Outcome<> SignalFault::check()
{
    const auto processes = find();
    if (!processes)
        return tl::make_unexpected(processes.error());
    if (processes->empty())
        return refused(Refusal::CannotHere, "No process of the target is named " + m_name + '.');
    for (const ProcessId &process : *processes) {
        if (process.number == 1 && (m_signal == SIGKILL || m_signal == SIGSTOP))
            return refused(Refusal::CannotHere,
                "The kernel keeps this signal from the first process of a pid namespace when it "
                "comes from inside. Start the "
                "helper in the host's pid namespace.");
        if (m_signal == SIGSTOP && isStopped(process))
            return refused(Refusal::Foreign,
                "Process " + std::to_string(process.number) + " (" + processName(process.number)
                    + ") is stopped already, by somebody else.");
    }
    return {};
}

void SignalFault::goOn() const
{
    const auto processes = m_sent.empty() ? find() : Outcome<std::vector<ProcessId>>(m_sent);
    for (const ProcessId &process : processes.value_or(std::vector<ProcessId>()))
        if (isStopped(process))
            ::kill(process.number, SIGCONT);
}

Outcome<> SignalFault::inject(BootClock::time_point until)
{
    const auto processes = find();
    if (!processes)
        return tl::make_unexpected(processes.error());
    const auto all = targetProcesses(m_spec.target);
    if (!all.empty())
        m_first = all.front();
    m_sent = *processes;
    if (m_signal == SIGSTOP && !m_deadMan.start(until, [this] { goOn(); }))
        return refused(Refusal::CannotHere,
            "No process can be started that would undo it if the agent were killed.");
    for (const ProcessId &process : m_sent)
        if (::kill(process.number, m_signal) != 0 && errno != ESRCH)
            return refused(Refusal::CannotHere,
                "Process " + std::to_string(process.number) + " can't be signalled: "
                    + std::strerror(errno) + ". The helper needs CAP_KILL.");
    return {};
}

Outcome<> SignalFault::renew(BootClock::time_point until)
{
    m_deadMan.renew(until);
    return {};
}

Proof SignalFault::proveInForce()
{
    const auto processes = m_sent.empty() ? find().value_or(std::vector<ProcessId>()) : m_sent;
    const auto ended = static_cast<std::size_t>(std::ranges::count_if(
        processes, [](const ProcessId &process) { return !isAlive(process); }));
    const auto stopped = static_cast<std::size_t>(std::ranges::count_if(processes, isStopped));
    const nlohmann::json measured{ { "signalled", m_sent.size() }, { "ended", ended },
        { "stopped", stopped } };
    if (m_signal == SIGSTOP)
        return { stopped > 0 && stopped + ended == processes.size(),
            std::to_string(stopped) + " processes are stopped.", measured };
    if (m_sent.empty())
        return { false, "A signal leaves nothing that another agent could see.", measured };
    const bool ends = m_signal == SIGKILL;
    return { !ends || ended == processes.size(),
        std::to_string(m_sent.size()) + " processes were signalled, " + std::to_string(ended)
            + " of them ended.",
        measured };
}

Outcome<> SignalFault::undo()
{
    m_deadMan.dismiss();
    if (m_signal == SIGSTOP)
        goOn();
    return {};
}

Proof SignalFault::proveOut()
{
    if (m_signal != SIGSTOP)
        return { true, "The signal left nothing to undo.", nlohmann::json::object() };
    const auto processes = m_sent.empty() ? find().value_or(std::vector<ProcessId>()) : m_sent;
    const auto stopped = std::ranges::count_if(processes, isStopped);
    return { stopped == 0,
        stopped == 0 ? "The processes go on."
                     : std::to_string(stopped) + " processes are still stopped.",
        nlohmann::json::object() };
}

std::string SignalFault::handUndo() const
{
    return m_signal == SIGSTOP ? handUndoCommand(m_spec, "KILL") : std::string();
}

bool SignalFault::targetGone()
{
    return m_first && !isAlive(*m_first);
}

Outcome<std::unique_ptr<Fault>> makeSignal(const Spec &spec)
{
    Arguments arguments(spec.arguments, "arguments");
    std::string word;
    if (arguments.has("signal") && arguments.json().at("signal").is_number())
        word = std::to_string(arguments.integer("signal", { 1, NSIG - 1 }));
    else
        word = arguments.text("signal");
    const int signal = signalOf(word);
    if (signal == 0)
        arguments.complain("signal", "is no signal: KILL, TERM, STOP or a number is expected");
    std::string name = arguments.text("name", "");
    arguments.finish();
    if (const auto &problem = arguments.problem())
        return tl::make_unexpected(*problem);
    if (spec.target.container.empty())
        return refused(Refusal::BadSpec, "target.container is missing");
    return std::make_unique<SignalFault>(spec, signal, std::move(name));
}

Ability signalAbility()
{
    return { true, "signal to the target's processes", {} };
}

} // namespace faultline::agent
