// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>

namespace faultline::runs {

/// Lets some time pass on a flow thread between two looks at what it waits for. A sleep, since what
/// is waited for is several things at once (a child process, the stack, a deadline, two tokens)
/// that share no condition; at most 250 ms, so that an abort is seen within that.
void pauseFor(std::chrono::milliseconds time);

} // namespace faultline::runs
