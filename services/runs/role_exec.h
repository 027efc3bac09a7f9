// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/runs/container_exec.h"
#include "services/runs/probe_attempt.h"
#include "services/runs/run_state.h"

namespace faultline::runs {

/// The service of a role; a name that is no role is a service's own.
[[nodiscard]] QString serviceOf(const RunState &state, const std::string &role);

/// The first running container of a role, or the one that "role#1" names; empty when none runs.
[[nodiscard]] domain::ContainerId containerOf(const RunState &state, const std::string &role);

/// For the exec probes of a run. "role#1" means the role's second container. Thread-safe; the
/// state must outlive it.
[[nodiscard]] ExecInside execInside(const RunState &state);

/// Runs a line of shell inside the first running container of a role; on a flow thread, at most
/// until `deadline`. An abort ends it.
[[nodiscard]] domain::Result<ExecEnd> runInside(const RunState &state, const std::string &role,
    const std::string &line, RunState::Clock::time_point deadline);

/// The same inside one container, whatever its role.
[[nodiscard]] domain::Result<ExecEnd> runInContainer(const RunState &state,
    const domain::ContainerId &container, const std::string &line,
    RunState::Clock::time_point deadline);

} // namespace faultline::runs
