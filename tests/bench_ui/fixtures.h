// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/ci/ci_backend.h"
#include "services/stacks/stack_backend.h"

namespace faultline::bench {

/// The same values each time: a snapshot of `stackCount` stacks with so many services and
/// containers each.
[[nodiscard]] stacks::StackDelta stackSnapshot(int stackCount, int services, int containers);

/// `jobCount` jobs in pipelines of 50.
[[nodiscard]] ci::CiDelta jobSnapshot(int jobCount);

/// Bytes of heap in use.
[[nodiscard]] qint64 heapBytes();
/// Resident memory in bytes.
[[nodiscard]] qint64 residentBytes();
/// Processor time of this process in ms.
[[nodiscard]] qint64 processorMs();

} // namespace faultline::bench
