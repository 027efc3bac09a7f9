// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>

namespace faultline::runs {

/// Lets some time pass on a flow thread between two looks at what it waits for.
void pauseFor(std::chrono::milliseconds time);

} // namespace faultline::runs
