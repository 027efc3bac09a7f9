// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/cases/schema/case_file.h"
#include "services/net/across_threads.h"
#include "services/stacks/stack_backend.h"

namespace faultline::runs {

/// What a cluster has left, as its hosts' live numbers say. A slot is room for one run: a host has
/// as many as its label `faultline.slots` says, else one per two cores; each stack that carries a
/// run's label takes one.
struct FreeCapacity
{
    int slots = 0;
    double cpu = 0; ///< cores
    std::int64_t memoryBytes = 0;
    int hosts = 0; ///< that are active
    int silentHosts = 0; ///< of them, those whose live numbers have not come: they count as full

    /// "1 slot, 1.5 cores, 2.0 GiB".
    [[nodiscard]] QString text() const;
};

/// What is missing, for people; empty when all of it is there.
[[nodiscard]] QString missingFor(const cases::Needs &needs, const FreeCapacity &free);

/// How the wait is heard of.
using SayCapacity = std::function<void(const QString &sentence, const FreeCapacity &free)>;

/// Waits on a flow thread until the cluster has what is needed, looking every 2 s; says what it
/// waits for at the beginning, when that changes, and every 30 s. Errors: Timeout after `limit`,
/// Cancelled by the token; those of the server, when it can't be asked for 15 s.
[[nodiscard]] domain::Result<FreeCapacity> awaitCapacity(stacks::StackBackend &backend,
    const cases::Needs &needs, std::chrono::milliseconds limit, const net::CancelToken &token,
    const SayCapacity &say);

} // namespace faultline::runs
