// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/agent/process/stopped_process.h"

#include "services/agent/process/process_memory.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <sys/ptrace.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <thread>
#include <time.h>

namespace faultline::agent {

namespace {

/// The threads of a process by now. Empty: it is gone.
std::vector<pid_t> threadsOf(pid_t process)
{
    std::vector<pid_t> threads;
    std::error_code error;
    for (std::filesystem::directory_iterator
             it("/proc/" + std::to_string(process) + "/task", error),
         end;
         !error && it != end; it.increment(error))
        threads.push_back(std::stoi(it->path().filename().string()));
    return threads;
}

/// ptrace tells by SIGCHLD and waitpid only; this is short enough to be fair and to cost the target
/// little.
void pauseShortly()
{
    const timespec pause{ 0, 100'000 };
    nanosleep(&pause, nullptr);
}

long trace(__ptrace_request request, pid_t thread, long data = 0)
{
    return ptrace(
        request, thread, nullptr, reinterpret_cast<void *>(data)); // NOLINT: the type of the call
}

} // namespace

StoppedProcess::~StoppedProcess()
{
    release();
}

bool StoppedProcess::seizeNew()
{
    bool found = false;
    for (const pid_t id : threadsOf(m_process)) {
        if (!m_known.insert(id).second)
            continue;
        found = true;
        if (trace(PTRACE_SEIZE, id) != 0) {
            if (errno == ESRCH)
                continue;
            m_reason = "ptrace of process " + std::to_string(m_process) + ": "
                + std::strerror(errno)
                + " (it takes CAP_SYS_PTRACE, and no debugger may be attached)";
            continue;
        }
        trace(PTRACE_INTERRUPT, id);
        m_threads.push_back({ id });
    }
    return found;
}

bool StoppedProcess::collect()
{
    bool all = true;
    for (auto thread = m_threads.begin(); thread != m_threads.end();) {
        int status = 0;
        const pid_t told = thread->stopped ? 0 : waitpid(thread->id, &status, __WALL | WNOHANG);
        if (told < 0 || (told > 0 && !WIFSTOPPED(status))) {
            thread = m_threads.erase(thread);
            continue;
        }
        if (told > 0) {
            thread->stopped = true;
            // A stop of ptrace's own carries an event; any other is a signal on its way, to be
            // handed on at the end.
            thread->signal = status >> 16 == 0 ? WSTOPSIG(status) : 0;
        }
        all = all && thread->stopped;
        ++thread;
    }
    return all;
}

StoppedProcess::Outcome StoppedProcess::stop(pid_t process, std::chrono::milliseconds limit)
{
    release();
    m_process = process;
    m_reason.clear();
    const auto end = std::chrono::steady_clock::now() + limit;
    while (true) {
        const bool found = seizeNew();
        if (!m_reason.empty()) {
            release();
            return Outcome::Refused;
        }
        const bool all = collect();
        // Once all known threads stand, no other can begin: the list is whole when it brings
        // nothing new.
        if (all && !found)
            break;
        if (std::chrono::steady_clock::now() > end) {
            m_reason = "a thread of process " + std::to_string(process) + " did not stop in "
                + std::to_string(limit.count()) + " ms";
            release();
            return Outcome::Late;
        }
        if (!all)
            pauseShortly();
    }
    if (m_threads.empty()) {
        m_reason = "process " + std::to_string(process) + " is gone";
        return Outcome::Gone;
    }
    return Outcome::Stopped;
}

void StoppedProcess::release()
{
    for (const auto &thread : m_threads) {
        if (thread.stopped) {
            trace(PTRACE_DETACH, thread.id, thread.signal);
            continue;
        }
        // Only a thread that stands can be let go; one that never stood is let go by the kernel at
        // the end of this program.
        int status = 0;
        if (waitpid(thread.id, &status, __WALL | WNOHANG) > 0 && WIFSTOPPED(status))
            trace(PTRACE_DETACH, thread.id, status >> 16 == 0 ? WSTOPSIG(status) : 0);
    }
    m_threads.clear();
    m_known.clear();
}

bool StoppedProcess::mayRunIn(std::uintptr_t begin, std::uintptr_t end) const
{
    const ProcessMemory memory(m_process);
    return std::any_of(m_threads.begin(), m_threads.end(), [&](const Thread &thread) {
        user_regs_struct registers{};
        if (ptrace(PTRACE_GETREGS, thread.id, nullptr, &registers) != 0)
            return false;
        if (registers.rip > begin && registers.rip < end)
            return true;
        // Page by page: the stack may end before the window does.
        std::array<std::uintptr_t, 512> words{};
        for (std::uintptr_t at = registers.rsp & ~std::uintptr_t{ 7 }, last = at + 32768;
             at < last;) {
            const std::size_t size = std::min<std::size_t>(sizeof(words), 4096 - at % 4096);
            if (!memory.read(at, std::as_writable_bytes(std::span(words)).first(size)))
                break;
            const auto stop
                = words.begin() + static_cast<std::ptrdiff_t>(size / sizeof(std::uintptr_t));
            if (std::any_of(words.begin(), stop,
                    [&](std::uintptr_t word) { return word > begin && word < end; }))
                return true;
            at += size;
        }
        return false;
    });
}

void onItsOwnThread(const std::function<void()> &function)
{
    std::thread(function).join();
}

} // namespace faultline::agent
