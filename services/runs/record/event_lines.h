// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/runs/record/reports.h"

#include <vector>

namespace faultline::runs {

/// A file of one JSON object per line, that may end in the middle of one.
struct EventLines
{
    std::vector<Json> rows;
    std::size_t wholeBytes = 0; ///< up to the end of the last whole line
    std::size_t tornBytes = 0; ///< after it
    std::size_t badLines = 0; ///< whole ones that hold no JSON object; left out
};

/// What the file holds; nothing of a file that can't be read.
[[nodiscard]] EventLines readEventLines(const std::string &path);

/// A text or a whole number of an event; empty or 0 when there is none.
[[nodiscard]] std::string textAt(const Json &json, const char *key);
[[nodiscard]] std::int64_t numberAt(const Json &json, const char *key);

/// Microseconds of "2026-11-23T15:00:00.123456Z"; 0 for anything else.
[[nodiscard]] std::int64_t microsOf(const std::string &text);

/// What a run's events say of it. Without its end the verdict is *infrastructure*: whoever ran it
/// is gone.
[[nodiscard]] RunSummary summaryOf(const std::vector<Json> &events);

} // namespace faultline::runs
