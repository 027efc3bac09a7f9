// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/faults/helper_container.h"

namespace faultline::faults {

/// How an undo ended.
struct UndoEnd
{
    FaultState state = FaultState::Leaked; ///< Out, Moot, DidNotBite, Refused or Leaked
    QString detail;
    std::optional<FaultReport> report; ///< the agent's last word, if there is one
};

/// Ends a fault whose agent may be dead, on a flow thread: reads what the helper said last, asks a
/// helper that lives to stop, and when nothing proves that the fault is out, lets a fresh helper
/// undo and verify. `helper` is what carries it, if that is known. It never gives up early because
/// somebody is in a hurry; it takes at most about a minute. Removes the helpers, except when the
/// fault is leaked: then their labels tell every other console.
[[nodiscard]] UndoEnd undoFault(stacks::StackBackend &backend, const FaultRecord &record,
    const std::optional<domain::ContainerId> &helper);

/// When the target's process was started, by its engine; empty when the backend does not reach
/// engines, or this one gives no answer. An orchestrator may not hear of a quick restart.
[[nodiscard]] QString startOf(stacks::StackBackend &backend, const FaultTarget &target);

/// Why nothing of the fault can be left on its target; nothing when it may be.
[[nodiscard]] domain::Result<std::optional<QString>> whyMoot(
    stacks::StackBackend &backend, const FaultRecord &record);

} // namespace faultline::faults
