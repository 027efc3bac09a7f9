// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/faults/ledger.h"
#include "services/net/across_threads.h"
#include "services/stacks/stack_backend.h"

namespace faultline::faults {

/// Labels of a helper container, from which any other console can undo its fault.
namespace label {
inline constexpr const char *fault = "faultline.fault";
inline constexpr const char *kind = "faultline.fault.kind";
inline constexpr const char *spec = "faultline.fault.spec";
inline constexpr const char *target = "faultline.fault.target"; ///< Docker's id
inline constexpr const char *container = "faultline.fault.container"; ///< the orchestrator's id
inline constexpr const char *targetName = "faultline.fault.name";
inline constexpr const char *starts = "faultline.fault.starts"; ///< of the target so far
inline constexpr const char *started = "faultline.fault.started"; ///< the target, by its engine
inline constexpr const char *lease = "faultline.fault.lease"; ///< s
inline constexpr const char *until = "faultline.fault.until"; ///< UTC, at the latest
inline constexpr const char *task = "faultline.fault.task"; ///< "undo" of a helper that undoes
inline constexpr const char *run = "faultline.run";
inline constexpr const char *owner = "faultline.owner";
inline constexpr const char *stack = "faultline.stack";
inline constexpr const char *runner = "faultline.runner"; ///< domain::RunnerIdentity
} // namespace label

enum class HelperTask { Inject, Undo };

/// The image of the agent: FAULTLINE_AGENT_IMAGE, else "faultline/agent:1".
[[nodiscard]] QString agentImage();

[[nodiscard]] QString helperName(const QString &faultId, HelperTask task, int attempt = 0);

/// The helper that injects, or undoes, a fault of the ledger.
[[nodiscard]] stacks::HelperSpec helperOf(
    const FaultRecord &record, HelperTask task, int attempt = 0);

/// What a helper's labels tell of its fault; nothing when it carries none.
[[nodiscard]] std::optional<FaultRecord> recordOf(const domain::Container &helper);
[[nodiscard]] bool isUndoHelper(const domain::Container &helper);

/// True once its process has ended, or never will begin.
[[nodiscard]] bool hasEnded(const domain::Container &container);
[[nodiscard]] bool isRunning(const domain::Container &container);

// On a flow thread, while the backend's thread runs its event loop.

[[nodiscard]] domain::Result<domain::Container> createHelper(stacks::StackBackend &backend,
    const stacks::HelperSpec &spec, const net::CancelToken &token = {});
/// A container as it is now; nothing when it is gone.
[[nodiscard]] domain::Result<std::optional<domain::Container>> lookAt(stacks::StackBackend &backend,
    const domain::ContainerId &id, const net::CancelToken &token = {});
/// Its whole log, at most 1 MiB of it.
[[nodiscard]] domain::Result<QByteArray> logOf(
    stacks::StackBackend &backend, const domain::ContainerId &id, std::chrono::milliseconds limit);
/// Ends it with SIGTERM and, when that takes too long, with SIGKILL; gone already is well.
[[nodiscard]] domain::Result<void> removeHelper(
    stacks::StackBackend &backend, const domain::ContainerId &id);
[[nodiscard]] domain::Result<stacks::StackSnapshot> askWorld(
    stacks::StackBackend &backend, const net::CancelToken &token = {});
[[nodiscard]] QList<domain::Container> helpersIn(const stacks::StackSnapshot &world);
/// Every helper of the project that carries a fault, also those that have ended.
[[nodiscard]] domain::Result<QList<domain::Container>> findHelpers(
    stacks::StackBackend &backend, const net::CancelToken &token = {});

} // namespace faultline::faults
