// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/agent/process/dead_man.h"

#include <algorithm>
#include <csignal>
#include <ctime>

namespace faultline::agent {
namespace {

/// How long after the end of the time it waits for the agent's own, verified undo.
constexpr auto grace = std::chrono::seconds(2);

void waitForTheEnd(const SharedWork &time)
{
    sigset_t death;
    ::sigemptyset(&death);
    ::sigaddset(&death, SIGUSR1);
    while (true) {
        const auto left = time.end() + grace - BootClock::now();
        if (left.count() <= 0)
            return;
        // In pieces, since the end is moved and the machine may sleep.
        const auto piece = std::min<BootClock::duration>(left, std::chrono::milliseconds(500));
        const timespec wait{ 0, piece.count() };
        if (::sigtimedwait(&death, nullptr, &wait) == SIGUSR1)
            return;
    }
}

} // namespace

bool DeadMan::start(BootClock::time_point until, const std::function<void()> &undo)
{
    if (!m_time.isUsable())
        return false;
    m_time.setEnd(until);
    return m_child.start(
        [&] {
            waitForTheEnd(m_time);
            undo();
        },
        SIGUSR1);
}

void DeadMan::renew(BootClock::time_point until)
{
    if (m_time.isUsable())
        m_time.setEnd(until);
}

} // namespace faultline::agent
