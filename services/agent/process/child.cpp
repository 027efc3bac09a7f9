// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/agent/process/child.h"

#include <csignal>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>
#include <utility>

namespace faultline::agent {
namespace {

void closeAllBut(int keep)
{
    const unsigned first = 3;
    if (keep < static_cast<int>(first)) {
        ::syscall(SYS_close_range, first, ~0U, 0U);
        return;
    }
    const auto kept = static_cast<unsigned>(keep);
    if (kept > first)
        ::syscall(SYS_close_range, first, kept - 1, 0U);
    ::syscall(SYS_close_range, kept + 1, ~0U, 0U);
}

} // namespace

Child::Child(Child &&other) noexcept
    : m_number(std::exchange(other.m_number, 0))
{
}

Child &Child::operator=(Child &&other) noexcept
{
    kill();
    m_number = std::exchange(other.m_number, 0);
    return *this;
}

Child::~Child()
{
    kill();
}

bool Child::start(const std::function<void()> &function, int atDeath, int keep)
{
    kill();
    const pid_t parent = ::getpid();
    // Blocked from the start, so that it can't come before the child waits for it.
    sigset_t death;
    sigset_t before;
    ::sigemptyset(&death);
    ::sigaddset(&death, atDeath);
    ::pthread_sigmask(SIG_BLOCK, &death, &before);
    m_number = ::fork();
    if (m_number == 0) {
        ::prctl(PR_SET_PDEATHSIG, atDeath);
        closeAllBut(keep);
        if (::getppid() != parent)
            ::raise(atDeath);
        function();
        ::_exit(0);
    }
    ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
    if (m_number < 0)
        m_number = 0;
    return m_number > 0;
}

void Child::kill()
{
    if (m_number <= 0)
        return;
    ::kill(m_number, SIGKILL);
    ::waitpid(m_number, nullptr, 0);
    m_number = 0;
}

bool Child::isAlive()
{
    if (m_number > 0 && ::waitpid(m_number, nullptr, WNOHANG) != 0)
        m_number = 0;
    return m_number > 0;
}

} // namespace faultline::agent
