// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace faultline::lab {

/// Installs handlers for SIGINT, SIGTERM and SIGHUP that make waitForStop() return. They are
/// ordinary handlers, so that programs which this one starts get the default ones back. Writes to
/// closed pipes fail instead of killing.
void catchStopSignals();

/// Blocks until one of them came.
void waitForStop();

} // namespace faultline::lab
