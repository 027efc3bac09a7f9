// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace faultline::agent {

/// Moves bytes between standard input and output and the agent that lives here (`faultline-agent
/// control`), until either side ends. Gives the exit code: 0, or 6 when no agent lives here.
int relayControl();

/// Asks the agent that lives here to stop and waits until it has ended, at most `seconds`. True:
/// none is alive any more.
bool stopLivingAgent(int seconds);

} // namespace faultline::agent
