// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/runs/record/reports.h"

namespace faultline::runs {

/// What was made from a bundle's events.
struct RebuiltBundle
{
    RunSummary summary;
    bool hasEnd = false; ///< the run told its own verdict
    std::size_t events = 0;
    std::size_t tornBytes = 0; ///< of a last line that was cut off and is left out
    std::size_t badLines = 0; ///< whole lines that are no events and are left out
    std::size_t series = 0; ///< files
    std::string problem; ///< why it could not be done; empty = it was
};

/// Makes findings.json, junit.xml and series/*.csv in the folder `into` from an events.jsonl alone.
/// A run without its end gets the verdict *infrastructure*.
[[nodiscard]] RebuiltBundle rebuildBundle(const std::string &eventFile, const std::string &into);

} // namespace faultline::runs
