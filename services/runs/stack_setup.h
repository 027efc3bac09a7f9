// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/runs/process_group.h"
#include "services/runs/run_state.h"

namespace faultline::runs {

/// Creates the run's stack, waits until it runs with the roles' scales and every ready probe is
/// answered by each of its containers, and runs the steps of `prepare`. False when that did not
/// come to its end: the state says why.
[[nodiscard]] bool setUpStack(RunState &state);

/// For a run whose script makes its stack itself: waits until the server is heard of.
[[nodiscard]] bool awaitServer(RunState &state);

/// Names of the stacks that carry the run's label: a script may have made others than the one it
/// was told to. Empty when the server does not answer.
[[nodiscard]] QStringList stacksOfRun(RunState &state);

/// Removes a stack by its name, again and again within the limit while the server can't be
/// reached, and waits until it is gone. False with the reason in `why`.
[[nodiscard]] bool removeStack(
    RunState &state, const QString &name, std::chrono::milliseconds limit, QString &why);

/// Where the workload writes its history; in the bundle.
[[nodiscard]] QString historyFile(const RunRequest &request);

/// Where the workload says how far it is; in the bundle. Empty when the case does not ask.
[[nodiscard]] QString progressFile(const RunRequest &request);

/// The environment of every command of the run, and the file that tells where the roles are; the
/// file is written again when that changes.
[[nodiscard]] QMap<QString, QString> commandEnvironment(const RunState &state);
void refreshEndpoints(RunState &state, std::optional<QMap<QString, QStringList>> &known);

/// Runs a command on this machine until it ends or `deadline`; its output goes into the bundle's
/// logs. Nothing when it did not end in time (it is killed then).
[[nodiscard]] domain::Result<std::optional<ProcessEnd>> runCommand(RunState &state,
    const QString &command, const QString &logName, RunState::Clock::time_point deadline);

} // namespace faultline::runs
