// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

#include <optional>

namespace faultline::faults {

/// Where a fault stands; the same words in the ledger, logs, reports of the agent and commands.
enum class FaultState {
    Planned, ///< written down; nothing was touched
    Injecting,
    InForce,
    Recovering,
    Out, ///< undone, and seen to be
    Moot, ///< its target is gone, so that nothing of ours can be left
    Leaked, ///< the undo could not be verified
    DidNotBite, ///< injected, but no effect was seen; undone
    Refused, ///< nothing was done: the machine can't, or something foreign is in the way
};

/// "in force", "did not bite", …
[[nodiscard]] QString nameOf(FaultState state);
[[nodiscard]] std::optional<FaultState> faultStateNamed(QStringView name);

/// True when nothing more will happen to it by itself.
[[nodiscard]] bool isOver(FaultState state);

} // namespace faultline::faults
