// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/net/across_threads.h"
#include "services/scenes/scene.h"

namespace faultline::scenes {

/// Writes a scene beside every service of its stack. A stack
/// without services can't be noted: ErrorKind::Invalid. Call it on a flow thread.
[[nodiscard]] domain::Result<void> writeScene(stacks::StackBackend &backend, const Scene &scene,
    const QList<domain::Service> &services, std::chrono::milliseconds limit,
    const net::CancelToken &token = {});

/// Everything of the project now. Call it on a flow thread.
[[nodiscard]] domain::Result<stacks::StackSnapshot> askSnapshot(stacks::StackBackend &backend,
    std::chrono::milliseconds limit, const net::CancelToken &token = {});

} // namespace faultline::scenes
