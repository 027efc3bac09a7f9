// SPDX-License-Identifier: GPL-3.0-or-later
#include "slow_loris.h"

#include <chrono>
#include <vector>

#include <sys/socket.h>
#include <unistd.h>

#include "http_load.h"

namespace faultline::bench {

SlowLoris::SlowLoris(int port, int connections)
    : m_thread([this, port, connections] { attack(port, connections); })
{
}

SlowLoris::~SlowLoris()
{
    m_stop = true;
    m_thread.join();
}

void SlowLoris::attack(int port, int connections)
{
    constexpr std::string_view header = "GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: ";
    std::vector<int> sockets(static_cast<std::size_t>(connections), -1);
    while (!m_stop) {
        for (int &each : sockets) {
            if (each >= 0 && send(each, "a", 1, MSG_NOSIGNAL | MSG_DONTWAIT) != 1) {
                close(each);
                each = -1;
            }
            if (each < 0) {
                each = connectTo(port);
                if (each >= 0 && send(each, header.data(), header.size(), MSG_NOSIGNAL) > 0)
                    ++m_opened;
            }
        }
        std::this_thread::sleep_for(std::chrono::milliseconds(200));
    }
    for (const int each : sockets)
        if (each >= 0)
            close(each);
}

} // namespace faultline::bench
