// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/stacks/stack_backend.h"

namespace faultline::faults {

/// What the helper container of a kind must be given, and no more.
struct HelperNeeds
{
    bool isAgents = false; ///< a kind that the agent carries out
    bool sharesNetwork = false; ///< the target's
    bool hostProcesses = false;
    QStringList capabilities; ///< all others are dropped
    QStringList volumes;
};
[[nodiscard]] HelperNeeds needsOf(const QString &kind);
/// What a helper must be given that is asked which kinds it could do; in no target's network.
[[nodiscard]] HelperNeeds needsOfAll();

/// Two kinds that may not be in on one container at the same time: what they change is the same.
[[nodiscard]] bool conflict(const QString &kind, const QString &other);

/// True when what the kind changes outlives the target's processes (a file on its disk).
[[nodiscard]] bool outlivesRestart(const QString &kind);

/// True when the fault may end the target's main process.
[[nodiscard]] bool mayEndTarget(const QString &kind);

} // namespace faultline::faults
