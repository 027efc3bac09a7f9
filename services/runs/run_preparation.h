// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/domain/result.h"
#include "services/runs/run_request.h"

#include <QProcessEnvironment>

namespace faultline::runs {

/// The folder of this machine's run records: "$XDG_STATE_HOME/faultline/runs", or the same below
/// "$HOME/.local/state"; empty when neither is set.
[[nodiscard]] QString runRecordFolder(const QProcessEnvironment &environment);

/// What a person chose for a run.
struct RunChoice
{
    cases::CaseFile caseFile;
    std::uint64_t seed = 0;
    std::uint64_t random = 0; ///< for the run's id
    QString bundle; ///< folder; empty = out/runs/<run id> below the current one
    bool keepsAlways = false;
    QString server; ///< where the stack will be, for people
    QProcessEnvironment environment; ///< CI_* and FAULTLINE_* of a job are found in it
};

/// What the run needs from the disk and the surroundings; no server is asked. Errors
/// (ErrorKind::Invalid) name everything that the case asks for and that can't be done, so that
/// nothing has been started then; Local when a file can't be read or the bundle not be made. A
/// bundle that holds a run already is refused.
[[nodiscard]] domain::Result<RunRequest> prepareRun(const RunChoice &choice);

} // namespace faultline::runs
