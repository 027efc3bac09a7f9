// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/lab/runner/stop_signal.h"

#include <array>
#include <cstdint>

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

namespace faultline::lab {

StopSignal::StopSignal()
    : m_descriptor(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK))
{
}

StopSignal::~StopSignal()
{
    if (m_descriptor >= 0)
        close(m_descriptor);
}

void StopSignal::raise()
{
    const std::uint64_t one = 1;
    // It can only fail when the counter is full, and then it is raised already.
    [[maybe_unused]] const auto written = write(m_descriptor, &one, sizeof one);
}

bool StopSignal::isRaised() const
{
    pollfd entry{ m_descriptor, POLLIN, 0 };
    return poll(&entry, 1, 0) > 0;
}

bool StopSignal::waitFor(int descriptor, short events, int milliseconds) const
{
    std::array<pollfd, 2> entries = { { { m_descriptor, POLLIN, 0 }, { descriptor, events, 0 } } };
    const int ready = poll(entries.data(), entries.size(), milliseconds);
    return ready > 0 && entries[0].revents == 0;
}

} // namespace faultline::lab
