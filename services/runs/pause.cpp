// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/runs/pause.h"

#include <thread>

namespace faultline::runs {

void pauseFor(std::chrono::milliseconds time)
{
    std::this_thread::sleep_for(time);
}

} // namespace faultline::runs
