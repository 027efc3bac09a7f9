// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/net/across_threads.h"

#include <thread>

namespace faultline::ctl {

/// Ctrl-C and SIGTERM: the first cancels the command in order, the second ends the program at once
/// with 130, or cancels `hurry` when the command has to end in order. Make it before any other thread, so that all threads inherit the blocked signals.
class Interrupt
{
public:
    Interrupt(net::CancelToken token, net::CancelToken hurry, bool endsInOrder);
    ~Interrupt();
    Interrupt(const Interrupt &) = delete;
    Interrupt &operator=(const Interrupt &) = delete;

private:
    void watch(const net::CancelToken &token, const net::CancelToken &hurry, bool endsInOrder) const;

    int m_signals = -1;
    int m_stop = -1;
    std::thread m_thread;
};

} // namespace faultline::ctl
