// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/net/across_threads.h"

#include <thread>

namespace faultline::ctl {

/// Ctrl-C and SIGTERM: the first cancels the command in order, the second ends the program at once
/// with 130. Make it before any other thread, so that all threads inherit the blocked signals.
class Interrupt
{
public:
    explicit Interrupt(net::CancelToken token);
    ~Interrupt();
    Interrupt(const Interrupt &) = delete;
    Interrupt &operator=(const Interrupt &) = delete;

private:
    void watch(const net::CancelToken &token) const;

    int m_signals = -1;
    int m_stop = -1;
    std::thread m_thread;
};

} // namespace faultline::ctl
