// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <atomic>
#include <thread>

namespace faultline::bench {

/// Connections that send a request header letter by letter and never end it; one that is closed is
/// opened again.
class SlowLoris
{
public:
    SlowLoris(int port, int connections);
    ~SlowLoris();
    SlowLoris(const SlowLoris &) = delete;
    SlowLoris &operator=(const SlowLoris &) = delete;

    [[nodiscard]] int opened() const { return m_opened; }

private:
    void attack(int port, int connections);

    std::atomic<bool> m_stop = false;
    std::atomic<int> m_opened = 0;
    std::thread m_thread;
};

} // namespace faultline::bench
