// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/agent/disk/io_rule.h"
#include "services/agent/frame/outcome.h"
#include "services/agent/frame/spec.h"

#include <atomic>
#include <cstdint>
#include <future>
#include <random>
#include <set>
#include <string>
#include <thread>
#include <vector>

namespace faultline::agent {

/// Holds back or fails system calls of the target's processes while it traces them (ptrace), on a
/// thread of its own. Open files are reached as well as new ones, and so are processes that begin
/// later. All of it ends with that thread: the kernel lets the processes go on, at the end of the
/// time, when this object is destroyed, and when the agent is killed. Every system call of a traced
/// process costs two stops of some microseconds. Not reached: memory-mapped files and io_uring.
class CallTracer
{
public:
    CallTracer(const Target &target, IoRule rule, std::uint64_t seed);
    CallTracer(const CallTracer &) = delete;
    CallTracer &operator=(const CallTracer &) = delete;
    ~CallTracer();

    /// Returns when all processes of now are traced, or with the reason why one can't be.
    [[nodiscard]] Outcome<> start(BootClock::time_point until);
    void setEnd(BootClock::time_point until) { m_end = until.time_since_epoch().count(); }
    void stop();

    /// Whether nothing is held any more, and never will be.
    [[nodiscard]] bool isOver() const { return m_over; }
    [[nodiscard]] std::uint64_t hits() const { return m_hits; }
    /// The mean time that calls were held, in milliseconds; 0 when there were none.
    [[nodiscard]] double meanDelay() const;
    [[nodiscard]] pid_t thread() const { return m_thread; }

private:
    struct Held
    {
        pid_t thread = 0;
        BootClock::time_point since;
        BootClock::time_point until;
    };

    void run();
    [[nodiscard]] std::string attachNew();
    void takeStops();
    void handle(pid_t thread, int status);
    void handleCall(pid_t thread);
    void enter(pid_t thread, const SystemCall &call);
    void leave(pid_t thread);
    void letGo(BootClock::time_point now);
    void waitForStops();
    [[nodiscard]] bool mustEnd() const;
    [[nodiscard]] bool hits(pid_t thread, const SystemCall &call);

    const Target m_target;
    const IoRule m_rule;
    std::mt19937_64 m_random;
    std::set<pid_t> m_known;
    std::vector<Held> m_held;
    std::set<pid_t> m_failing;
    std::atomic<std::int64_t> m_end{ 0 };
    std::atomic<bool> m_stop{ false };
    std::atomic<std::uint64_t> m_hits{ 0 };
    std::atomic<std::int64_t> m_heldTime{ 0 };
    std::atomic<std::uint64_t> m_heldCalls{ 0 };
    std::atomic<pid_t> m_thread{ 0 };
    std::atomic<bool> m_over{ false };
    std::promise<std::string> m_begun;
    std::thread m_worker;
};

} // namespace faultline::agent
