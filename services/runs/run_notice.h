// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/notify/run_notice.h"
#include "services/runs/record/reports.h"
#include "services/runs/run_request.h"

namespace faultline::runs {

/// What people are told of a run, from its summary and its bundle. `workspace` is for the link that
/// opens the scene in the console; without a name there is none. Secrets of the run's environment
/// are masked.
[[nodiscard]] notify::RunNotice noticeOf(
    const RunRequest &request, const RunSummary &summary, const QString &workspace);

/// Two lines of the log in which a finding shows: those that it quotes or the last ones of the
/// container it names, else the last ones of the workload's output.
[[nodiscard]] QStringList linesFor(const Finding &finding, const QString &bundle);

} // namespace faultline::runs
