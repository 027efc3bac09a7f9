// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <set>
#include <string>
#include <sys/types.h>
#include <vector>

namespace faultline::agent {

/// A process all of whose threads stand still (ptrace), so that its code may be changed. Goes on
/// when this object is destroyed and also when this program is killed. A thread that could not be
/// stopped can be let go only by the end of the *thread* that called stop(): use it on a thread
/// that ends soon (see onItsOwnThread). Waiting calls of the process are resumed by the kernel; a
/// few (epoll_wait among them) return EINTR instead, as they do after any stop.
class StoppedProcess
{
public:
    enum class Outcome { Stopped, Gone, Refused, Late };

    StoppedProcess() = default;
    StoppedProcess(const StoppedProcess &) = delete;
    StoppedProcess &operator=(const StoppedProcess &) = delete;
    ~StoppedProcess();

    /// Stops every thread, those too that begin meanwhile. `Gone`: the process ended. `Refused`:
    /// not allowed (CAP_SYS_PTRACE) or somebody else traces it. `Late`: a thread did not stop in
    /// time (it is frozen, or it waits in the kernel).
    [[nodiscard]] Outcome stop(pid_t process, std::chrono::milliseconds limit);

    /// Why the last stop() failed, as a clause.
    [[nodiscard]] const std::string &reason() const { return m_reason; }

    /// Whether a thread is inside the range (its very first byte excepted: from there it may also
    /// run something new) or may return into it: a word of its stack points there, as when a signal
    /// interrupted it.
    [[nodiscard]] bool mayRunIn(std::uintptr_t begin, std::uintptr_t end) const;

    [[nodiscard]] std::size_t threads() const { return m_threads.size(); }

    void release();

private:
    struct Thread
    {
        pid_t id = 0;
        int signal = 0; ///< that was about to be delivered when it stopped
        bool stopped = false;
    };

    [[nodiscard]] bool seizeNew();
    [[nodiscard]] bool collect();

    pid_t m_process = 0;
    std::vector<Thread> m_threads;
    std::set<pid_t> m_known;
    std::string m_reason;
};

/// Runs the function on a thread that ends with it, and waits for it.
void onItsOwnThread(const std::function<void()> &function);

} // namespace faultline::agent
