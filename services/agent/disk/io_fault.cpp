// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/agent/disk/io_fault.h"

#include "services/agent/frame/arguments.h"
#include "services/agent/process/capability.h"
#include "services/agent/process/hand_undo.h"

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cmath>
#include <cstring>
#include <unistd.h>

namespace faultline::agent {
namespace {

constexpr const char *agentName = "faultline-agent";

BootClock::duration fromMilliseconds(double milliseconds)
{
    return std::chrono::nanoseconds(std::llround(milliseconds * 1e6));
}

std::optional<FileOperation> readOperation(Arguments &arguments)
{
    const std::string word
        = arguments.choice("operation", { "all", "open", "read", "write", "fsync" });
    if (word == "open")
        return FileOperation::Open;
    if (word == "read")
        return FileOperation::Read;
    if (word == "write")
        return FileOperation::Write;
    return word == "fsync" ? std::optional(FileOperation::Sync) : std::nullopt;
}

IoRule readRule(Arguments &arguments)
{
    IoRule rule;
    rule.path = arguments.text("path");
    if (!rule.path.starts_with('/'))
        arguments.complain("path", "must begin with a slash: it is a path inside of the target");
    while (rule.path.size() > 1 && rule.path.ends_with('/'))
        rule.path.pop_back();
    rule.operation = readOperation(arguments);
    rule.percent = arguments.number("percent", { 0.001, 100 }, 100);
    return rule;
}

/// 0: no such error.
int errorOf(const std::string &name)
{
    for (int number = 1; number < 134; ++number)
        if (const char *const known = ::strerrorname_np(number); known != nullptr && name == known)
            return number;
    return 0;
}

Outcome<std::unique_ptr<Fault>> make(const Spec &spec, Arguments &arguments, IoRule rule)
{
    arguments.finish();
    if (const auto &problem = arguments.problem())
        return tl::make_unexpected(*problem);
    if (spec.target.container.empty())
        return refused(Refusal::BadSpec, "target.container is missing");
    return std::make_unique<IoFault>(spec, std::move(rule));
}

/// The same calls are hit again when the same fault is injected again.
std::uint64_t seedOf(const Spec &spec)
{
    std::uint64_t seed = 0;
    const std::string digits = spec.digits();
    std::from_chars(digits.data(), digits.data() + digits.size(), seed, 16);
    return seed;
}

} // namespace

IoFault::IoFault(const Spec &spec, IoRule rule)
    : m_spec(spec)
    , m_rule(std::move(rule))
{
}

bool IoFault::isOurs(pid_t tracer) const
{
    return tracer != 0
        && (m_tracer ? tracer == m_tracer->thread() : processName(tracer) == agentName);
}

Outcome<> IoFault::check()
{
    if (!operationOf(0))
        return refused(Refusal::CannotHere, "System calls are held on x86-64 only.");
    const auto processes = findTarget(m_spec.target);
    if (!processes)
        return tl::make_unexpected(processes.error());
    return untraced(*processes);
}

Outcome<> IoFault::inject(BootClock::time_point until)
{
    const auto processes = findTarget(m_spec.target);
    if (!processes)
        return tl::make_unexpected(processes.error());
    m_first = processes->front();
    m_tracer = std::make_unique<CallTracer>(m_spec.target, m_rule, seedOf(m_spec));
    return m_tracer->start(until);
}

Outcome<> IoFault::renew(BootClock::time_point until)
{
    m_tracer->setEnd(until);
    return m_tracer->isOver()
        ? refused(Refusal::DidNotBite, "The lease was over before it was renewed.")
        : Outcome<>();
}

Proof IoFault::proveInForce()
{
    const auto processes = targetProcesses(m_spec.target);
    const auto held = static_cast<std::size_t>(std::ranges::count_if(
        processes, [&](const ProcessId &process) { return isOurs(tracerOf(process.number)); }));
    nlohmann::json measured{ { "processes", held } };
    std::string detail = "System calls of " + std::to_string(held) + " of "
        + std::to_string(processes.size()) + " processes are held.";
    if (m_tracer) {
        measured["hits"] = m_tracer->hits();
        measured["delayMs"] = m_tracer->meanDelay();
        detail += ' ' + std::to_string(m_tracer->hits()) + " were hit so far.";
    }
    return { held > 0 && held == processes.size(), detail, measured };
}

Outcome<> IoFault::undo()
{
    if (m_tracer)
        m_tracer->stop();
    return {};
}

Proof IoFault::proveOut()
{
    for (const ProcessId &process : targetProcesses(m_spec.target))
        if (isOurs(tracerOf(process.number)))
            return { false,
                "Process " + std::to_string(process.number) + " is still traced by an agent.",
                nlohmann::json::object() };
    nlohmann::json measured = nlohmann::json::object();
    if (m_tracer)
        measured = { { "hits", m_tracer->hits() }, { "delayMs", m_tracer->meanDelay() } };
    return { true, "No process of the target is traced by an agent.", measured };
}

std::string IoFault::handUndo() const
{
    return endHelperCommand(m_spec);
}

bool IoFault::targetGone()
{
    return m_first && !isAlive(*m_first);
}

Outcome<std::unique_ptr<Fault>> makeIoLatency(const Spec &spec)
{
    Arguments arguments(spec.arguments, "arguments");
    IoRule rule = readRule(arguments);
    const double delay = arguments.number("delay", { 0.1, 600'000 });
    rule.delay = fromMilliseconds(delay);
    rule.jitter = fromMilliseconds(arguments.number("jitter", { 0, 600'000 }, 0));
    return make(spec, arguments, std::move(rule));
}

Outcome<std::unique_ptr<Fault>> makeIoError(const Spec &spec)
{
    Arguments arguments(spec.arguments, "arguments");
    IoRule rule = readRule(arguments);
    rule.error = errorOf(arguments.text("errno", "EIO"));
    if (rule.error == 0)
        arguments.complain(
            "errno", "is no error of this system: EIO, ENOSPC, EROFS and others are");
    rule.delay = fromMilliseconds(arguments.number("delay", { 0, 600'000 }, 0));
    return make(spec, arguments, std::move(rule));
}

Ability ioAbility()
{
    if (!operationOf(0))
        return { false, IoFault::way(), "system calls are held on x86-64 only" };
    const bool can = hasCapability(Capability::SysPtrace);
    return { can, IoFault::way(), can ? "" : "the helper lacks CAP_SYS_PTRACE" };
}

} // namespace faultline::agent
