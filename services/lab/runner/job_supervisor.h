// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <sys/types.h>

namespace faultline::lab {

/// What the supervisor needs, made before the fork: after it, only async-signal-safe calls are
/// allowed.
struct SupervisorPlan
{
    char *const *arguments = nullptr;
    char *const *environment = nullptr;
    const char *workingDirectory = nullptr;
    int output = -1;
    int error = -1;
    int status = -1; ///< the program's id is written here first, then its wait status, both as int
    pid_t lab = -1;
};

/// Runs in the forked child with all signals blocked: starts the program, adopts its descendants,
/// reports, ends.
[[noreturn]] void superviseJob(const SupervisorPlan &plan);

} // namespace faultline::lab
