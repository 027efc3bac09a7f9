// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

namespace faultline::runs {

/// Kills what commands of a run left behind on this machine: every process that carries the run's
/// id in the environment it was started with (FAULTLINE_RUN), as all commands of a run do, in
/// whatever group or session it is now; not the caller itself. Processes that another user owns
/// can't be seen. How many there were.
int endProcessesOf(const QString &run);

} // namespace faultline::runs
