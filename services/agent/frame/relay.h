// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/agent/frame/descriptor.h"

namespace faultline::agent {

/// Moves bytes between standard input and output and the agent that lives here (`faultline-agent
/// control`), until either side ends. Gives the exit code: 0, or 6 when no agent lives here.
int relayControl();

/// How an agent that lives here ended when it was asked to.
struct LivingAgent
{
    bool ended = true; ///< it said how it ended, or there was none
    /// The agent, and its container with it, stays as long as this, so that who asked can still
    /// verify.
    Descriptor stream;
};

/// Asks the agent that lives here to stop and waits until it has, at most `seconds`.
[[nodiscard]] LivingAgent stopLivingAgent(int seconds);

} // namespace faultline::agent
