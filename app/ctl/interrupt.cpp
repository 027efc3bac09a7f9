// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/interrupt.h"

#include <csignal>
#include <cstdint>

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <unistd.h>

namespace faultline::ctl {

namespace {

constexpr int killedByInterrupt = 130;

} // namespace

Interrupt::Interrupt(net::CancelToken token, net::CancelToken hurry, bool endsInOrder)
{
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGINT);
    sigaddset(&set, SIGTERM);
    if (endsInOrder) {
        sigaddset(&set, SIGHUP); // a terminal that is closed is no reason to leave things behind
        // Nor is a reader that left, or a file that can't grow: both are errors of the write.
        std::signal(SIGPIPE, SIG_IGN);
        std::signal(SIGXFSZ, SIG_IGN);
    }
    pthread_sigmask(SIG_BLOCK, &set, nullptr);
    m_signals = signalfd(-1, &set, SFD_CLOEXEC);
    m_stop = eventfd(0, EFD_CLOEXEC);
    m_thread = std::thread([this, token, hurry, endsInOrder] { watch(token, hurry, endsInOrder); });
}

Interrupt::~Interrupt()
{
    const std::uint64_t one = 1;
    if (write(m_stop, &one, sizeof one) == sizeof one)
        m_thread.join();
    else
        m_thread.detach();
    close(m_stop);
    close(m_signals);
}

void Interrupt::watch(
    const net::CancelToken &token, const net::CancelToken &hurry, bool endsInOrder) const
{
    for (;;) {
        pollfd descriptors[] = { { m_signals, POLLIN, 0 }, { m_stop, POLLIN, 0 } };
        if (poll(descriptors, 2, -1) < 0)
            continue;
        if (descriptors[1].revents != 0)
            return;
        signalfd_siginfo info{};
        if (read(m_signals, &info, sizeof info) != sizeof info)
            continue;
        if (token.isCancelled() && !endsInOrder)
            _exit(killedByInterrupt);
        if (token.isCancelled())
            hurry.cancel();
        token.cancel();
    }
}

} // namespace faultline::ctl
