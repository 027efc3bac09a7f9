// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/domain/result.h"
#include "services/runs/record/run_record.h"

#include <QString>

namespace faultline::runs {

/// The runs on record in `folder` whose runner is gone: it was killed, it crashed, or the machine
/// was started again. Also those that ended but could not remove their stack. Runs of other
/// machines that share the folder count once their expiry has passed.
[[nodiscard]] std::vector<RunRecord> deadRuns(const QString &folder);

/// Clears up after a run whose runner is gone and whose stack the caller has removed, or kept as
/// a scene: ends what its
/// commands left on this machine, closes its bundle (see closeBundle) and takes it off the record.
/// An error when the bundle can't be written; then it stays on record.
[[nodiscard]] domain::Result<void> endDeadRun(
    const QString &folder, const RunRecord &record, bool isStackGone = true);

} // namespace faultline::runs
