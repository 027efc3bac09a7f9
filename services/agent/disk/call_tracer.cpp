// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/agent/disk/call_tracer.h"

#include "services/agent/process/target_processes.h"

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <ctime>
#include <filesystem>
#include <linux/audit.h>
#include <poll.h>
#include <sys/ptrace.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

namespace faultline::agent {
namespace {

constexpr auto lookEvery = std::chrono::milliseconds(100);
constexpr auto longestWait = std::chrono::milliseconds(20);
constexpr auto lastCalls = std::chrono::milliseconds(200);

long trace(__ptrace_request request, pid_t thread, long data = 0)
{
    return ::ptrace(
        request, thread, nullptr, reinterpret_cast<void *>(data)); // NOLINT: the type of the call
}

void goOn(pid_t thread, int signal = 0)
{
    trace(PTRACE_SYSCALL, thread, signal);
}

bool isStopSignal(int signal)
{
    return signal == SIGSTOP || signal == SIGTSTP || signal == SIGTTIN || signal == SIGTTOU;
}

sigset_t childSignal()
{
    sigset_t set;
    ::sigemptyset(&set);
    ::sigaddset(&set, SIGCHLD);
    return set;
}

} // namespace

CallTracer::CallTracer(const Target &target, IoRule rule, std::uint64_t seed)
    : m_target(target)
    , m_rule(std::move(rule))
    , m_random(seed)
{
}

CallTracer::~CallTracer()
{
    stop();
}

void CallTracer::stop()
{
    m_stop = true;
    if (m_worker.joinable())
        m_worker.join();
}

double CallTracer::meanDelay() const
{
    const std::uint64_t calls = m_heldCalls;
    return calls == 0 ? 0 : static_cast<double>(m_heldTime) / static_cast<double>(calls) / 1e6;
}

bool CallTracer::mustEnd() const
{
    return m_stop || BootClock::now().time_since_epoch().count() >= m_end;
}

Outcome<> CallTracer::start(BootClock::time_point until)
{
    setEnd(until);
    // Blocked in every thread: the tracer takes it by sigtimedwait, and unblocked in one it would
    // be thrown away there.
    const sigset_t child = childSignal();
    ::pthread_sigmask(SIG_BLOCK, &child, nullptr);
    auto begun = m_begun.get_future();
    m_worker = std::thread([this] { run(); });
    const std::string problem = begun.get();
    return problem.empty() ? Outcome<>() : refused(Refusal::CannotHere, problem);
}

void CallTracer::run()
{
    m_thread = ::gettid();
    const std::string problem = attachNew();
    const bool good = problem.empty();
    m_begun.set_value(problem);
    auto nextLook = BootClock::now() + lookEvery;
    while (good && !mustEnd()) {
        waitForStops();
        takeStops();
        const auto now = BootClock::now();
        letGo(now);
        if (now < nextLook)
            continue;
        nextLook = now + lookEvery;
        (void)attachNew();
    }
    // A call that was taken away must still get its error; all else the kernel undoes at the end of
    // this thread.
    for (const auto end = BootClock::now() + lastCalls;
         !m_failing.empty() && BootClock::now() < end;) {
        waitForStops();
        takeStops();
    }
    m_over = true;
}

/// Why a process can't be traced; empty when all are.
std::string CallTracer::attachNew()
{
    std::string problem;
    const auto options
        = PTRACE_O_TRACESYSGOOD | PTRACE_O_TRACECLONE | PTRACE_O_TRACEFORK | PTRACE_O_TRACEVFORK;
    for (const ProcessId &process : targetProcesses(m_target)) {
        std::error_code error;
        for (std::filesystem::directory_iterator
                 it("/proc/" + std::to_string(process.number) + "/task", error),
             end;
             !error && it != end; it.increment(error)) {
            const pid_t thread = std::atoi(it->path().filename().c_str());
            if (m_known.contains(thread))
                continue;
            if (trace(PTRACE_SEIZE, thread, options) == 0) {
                m_known.insert(thread);
                trace(PTRACE_INTERRUPT, thread);
            } else if (errno != ESRCH) {
                problem = "Process " + std::to_string(process.number) + " ("
                    + processName(process.number) + ") can't be traced: " + std::strerror(errno)
                    + ". It takes CAP_SYS_PTRACE, and nobody else may trace it.";
            }
        }
    }
    return problem;
}

void CallTracer::waitForStops()
{
    auto until = BootClock::now() + longestWait;
    for (const Held &held : m_held)
        until = std::min(until, held.until);
    const auto left = (until - BootClock::now()).count();
    if (left <= 0)
        return;
    const timespec wait{ 0, left };
    const sigset_t child = childSignal();
    ::sigtimedwait(&child, nullptr, &wait);
}

void CallTracer::takeStops()
{
    int status = 0;
    for (pid_t thread = 0; (thread = ::waitpid(-1, &status, __WALL | __WNOTHREAD | WNOHANG)) > 0;)
        handle(thread, status);
}

void CallTracer::handle(pid_t thread, int status)
{
    if (!WIFSTOPPED(status)) {
        m_known.erase(thread);
        m_failing.erase(thread);
        std::erase_if(m_held, [&](const Held &held) { return held.thread == thread; });
        return;
    }
    // Children and threads of a traced one are traced from their first instruction on.
    m_known.insert(thread);
    const int signal = WSTOPSIG(status);
    const int event = status >> 16;
    if (signal == (SIGTRAP | 0x80))
        handleCall(thread);
    else if (event == PTRACE_EVENT_STOP && isStopSignal(signal))
        trace(PTRACE_LISTEN, thread);
    else
        goOn(thread, event == 0 ? signal : 0);
}

void CallTracer::handleCall(pid_t thread)
{
    __ptrace_syscall_info info{};
    // Its third argument is a size, passed as an address.
    const long size = ::ptrace(
        PTRACE_GET_SYSCALL_INFO, thread, reinterpret_cast<void *>(sizeof info), &info); // NOLINT
    if (size <= 0 || info.arch != AUDIT_ARCH_X86_64)
        return goOn(thread);
    if (info.op == PTRACE_SYSCALL_INFO_EXIT)
        return leave(thread);
    if (info.op != PTRACE_SYSCALL_INFO_ENTRY)
        return goOn(thread);
    SystemCall call{ info.entry.nr, {} };
    std::copy_n(std::begin(info.entry.args), call.arguments.size(), call.arguments.begin());
    enter(thread, call);
}

bool CallTracer::hits(pid_t thread, const SystemCall &call)
{
    const auto operation = operationOf(call.number);
    if (!operation || (m_rule.operation && m_rule.operation != operation))
        return false;
    if (m_rule.percent < 100
        && std::uniform_real_distribution<>(0, 100)(m_random) >= m_rule.percent)
        return false;
    return m_rule.covers(pathOf(thread, call));
}

void CallTracer::enter(pid_t thread, const SystemCall &call)
{
    if (mustEnd() || !hits(thread, call))
        return goOn(thread);
    ++m_hits;
#if defined(__x86_64__)
    if (m_rule.error != 0) {
        user_regs_struct registers{};
        ::ptrace(PTRACE_GETREGS, thread, nullptr, &registers);
        registers.orig_rax = static_cast<unsigned long long>(-1); // no call at all
        if (::ptrace(PTRACE_SETREGS, thread, nullptr, &registers) == 0)
            m_failing.insert(thread);
    }
#endif
    if (m_rule.delay.count() <= 0)
        return goOn(thread);
    const double spread = std::uniform_real_distribution<>(-1, 1)(m_random);
    const auto jitter = std::chrono::duration_cast<BootClock::duration>(m_rule.jitter * spread);
    const auto now = BootClock::now();
    m_held.push_back(
        { thread, now, now + std::max<BootClock::duration>(m_rule.delay + jitter, {}) });
}

void CallTracer::leave(pid_t thread)
{
#if defined(__x86_64__)
    if (m_failing.erase(thread) > 0) {
        user_regs_struct registers{};
        ::ptrace(PTRACE_GETREGS, thread, nullptr, &registers);
        registers.rax = static_cast<unsigned long long>(-static_cast<long long>(m_rule.error));
        ::ptrace(PTRACE_SETREGS, thread, nullptr, &registers);
    }
#endif
    goOn(thread);
}

void CallTracer::letGo(BootClock::time_point now)
{
    std::erase_if(m_held, [&](const Held &held) {
        if (held.until > now)
            return false;
        m_heldTime += (now - held.since).count();
        ++m_heldCalls;
        goOn(held.thread);
        return true;
    });
}

} // namespace faultline::agent
