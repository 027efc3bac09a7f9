// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/stacks/stack_backend.h"

namespace faultline::runs {

/// Pauses a container, or ends its pause, through its host's engine, on a flow thread:
/// orchestrators have no such verb. Whether it is paused afterwards, as the engine says; a
/// container that is gone or was started again is not. ErrorKind::Invalid when the backend does not
/// reach engines.
[[nodiscard]] domain::Result<bool> setPaused(stacks::StackBackend &backend,
    const domain::HostId &host, const QString &dockerId, bool isPaused);

} // namespace faultline::runs
