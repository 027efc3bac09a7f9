// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/lab/docker/cancellation.h"

#include <sys/eventfd.h>
#include <unistd.h>

#include <atomic>
#include <cstdint>

namespace faultline::lab {

struct Cancellation::State
{
    int descriptor = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    std::atomic_bool cancelled = false;

    State() = default;
    State(const State &) = delete;
    State &operator=(const State &) = delete;
    ~State()
    {
        if (descriptor >= 0)
            close(descriptor);
    }
};

Cancellation::Cancellation()
    : m_state(std::make_shared<State>())
{
}

void Cancellation::cancel() const
{
    m_state->cancelled = true;
    const std::uint64_t one = 1;
    // The counter can't overflow with single steps, so a short write can't happen.
    [[maybe_unused]] const auto written = write(m_state->descriptor, &one, sizeof one);
}

bool Cancellation::isCancelled() const
{
    return m_state->cancelled;
}

int Cancellation::descriptor() const
{
    return m_state->descriptor;
}

} // namespace faultline::lab
