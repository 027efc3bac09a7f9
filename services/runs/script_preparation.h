// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/domain/result.h"
#include "services/runs/run_request.h"

#include <QProcessEnvironment>
#include <QStringList>

namespace faultline::runs {

/// What a person chose for a run of a script that makes its stack itself.
struct ScriptChoice
{
    QStringList command; ///< program and arguments
    QString name; ///< of the case; empty: FAULTLINE_CASE, CI_JOB_NAME, or the program's
    std::uint64_t seed = 0;
    std::uint64_t random = 0; ///< for the run's id
    QString bundle; ///< folder; empty = out/runs/<run id> below the current one
    bool keepsAlways = false;
    std::chrono::milliseconds keepsFailedFor{ 0 }; ///< 0: a failed run's stack is removed, too
    std::chrono::milliseconds timeout{ 0 };
    QStringList skippedChecks; ///< kinds of default checks
    QString server; ///< where the stack will be, for people
    QProcessEnvironment environment;
};

/// A run whose only part is the script: it is given the stack's name (FAULTLINE_STACK) and the
/// run's labels by its environment and makes the stack itself, or none. Judged by its exit code and
/// the default checks. Errors: Invalid for an unknown check, Local when the bundle can't be made.
[[nodiscard]] domain::Result<RunRequest> prepareScript(const ScriptChoice &choice);

} // namespace faultline::runs
