// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/runs/record/event_log.h"

#include <vector>

namespace faultline::runs {

/// That a run goes on, who runs it, and where its things are: what another process needs to clear
/// up when the runner was killed. One file per run, `<run>.json`, in the machine's folder for runs;
/// it is there before the stack is made and leaves at the run's end.
struct RunRecord
{
    std::string run;
    std::string caseName;
    std::string stack;
    std::string server; ///< where the stack is, for people; never a secret
    std::string runner; ///< domain::RunnerIdentity
    std::string bundle; ///< folder
    std::int64_t startedMicros = 0;
    std::int64_t expiresMicros = 0; ///< the run is over by then whatever happened
    std::int64_t beatMicros = 0; ///< the runner was alive then
};

/// Why it could not be written.
[[nodiscard]] std::optional<std::string> writeRunRecord(
    const std::string &folder, const RunRecord &record);
void removeRunRecord(const std::string &folder, const std::string &run);
/// All that can be read, by start; what is no record of a run is left out.
[[nodiscard]] std::vector<RunRecord> readRunRecords(const std::string &folder);

/// Ends the bundle of a run whose runner is gone: faults that were in are written down as moot if
/// the stack is gone, the verdict is *infrastructure*, and findings.json and junit.xml tell it. A
/// line that was being written is cut off. Nothing is changed when the run has come to its end, or
/// when there is no bundle any more. Why it could not be written.
[[nodiscard]] std::optional<std::string> closeBundle(
    const std::string &bundle, const std::string &why, bool isStackGone = true);

} // namespace faultline::runs
