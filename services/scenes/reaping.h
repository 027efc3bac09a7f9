// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/domain/runner_identity.h"
#include "services/scenes/scene.h"

#include <functional>

namespace faultline::scenes {

/// What a reaper does with one stack.
struct Reaping
{
    enum class What {
        RemoveExpired, ///< a scene whose time is over
        RemoveOrphan, ///< the stack of a run whose runner is dead
        KeepOrphan, ///< the same, but its case keeps the stack of such a run: it becomes a scene
        WarnOwner, ///< a scene whose time is nearly over: its owner is told, once
    };
    What what = What::RemoveExpired;
    domain::StackId stackId;
    QString stack;
    QString run;
    QString why; ///< one sentence
    Scene scene; ///< for KeepOrphan: what it becomes; for the others of a scene: what it is

    friend bool operator==(const Reaping &, const Reaping &) = default;
};

/// The state of the runner of a label `faultline.runner`; out of sight when that says nothing.
[[nodiscard]] domain::RunnerState runnerState(const QString &label);

/// How a reaper judges what it can't see in the snapshot.
struct ReapingWitnesses
{
    /// What is known here of the process that a label names.
    std::function<domain::RunnerState(const QString &label)> runner = runnerState;
    /// Whether a CI job has ended, by its number and its address; nothing when nobody can tell.
    std::function<std::optional<bool>(const QString &job, const QString &url)> jobIsOver;
};

/// What to do now. A scene that has not expired and a stack whose runner may live are never in it,
/// nor is a stack that no run made.
[[nodiscard]] QList<Reaping> planReaping(
    const stacks::StackSnapshot &snapshot, const QDateTime &now, const ReapingWitnesses &witnesses);

} // namespace faultline::scenes
