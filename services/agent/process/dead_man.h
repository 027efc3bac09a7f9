// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/agent/process/child.h"
#include "services/agent/process/shared_work.h"

#include <functional>

namespace faultline::agent {

/// Undoes what can't end by itself: a child process that runs `undo` when the agent dies, however
/// it dies, or when the time is over and the agent did not do it. It does not survive the end of
/// the helper's pid namespace; beside a target or on the host, it does.
class DeadMan
{
public:
    /// False: the child could not be made.
    [[nodiscard]] bool start(BootClock::time_point until, const std::function<void()> &undo);
    /// Moves the time; without a child it does nothing.
    void renew(BootClock::time_point until);
    /// The agent undoes it itself.
    void dismiss() { m_child.kill(); }

private:
    SharedWork m_time;
    Child m_child;
};

} // namespace faultline::agent
