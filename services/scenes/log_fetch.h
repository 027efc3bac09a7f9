// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/net/across_threads.h"
#include "services/stacks/stack_backend.h"

#include <string>
#include <vector>

namespace faultline::scenes {

/// One log to fetch.
struct LogOrder
{
    domain::ContainerId container;
    QString path; ///< of the file; its folder exists
};

/// Fetches logs of containers from their start into files, side by side, each at most 256 MiB, with
/// secrets masked. For each whether all of it is there; what came within `limit` is in its file
/// anyway. Call it on a flow thread while the backend's thread runs its event loop.
[[nodiscard]] std::vector<bool> fetchLogs(stacks::StackBackend &backend,
    const std::vector<LogOrder> &orders, const std::vector<std::string> &secrets,
    std::chrono::milliseconds limit, const net::CancelToken &token = {});

} // namespace faultline::scenes
