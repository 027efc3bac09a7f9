// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/runs/record/verdict.h"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace faultline::runs {

/// What is known of one case of a suite.
struct GateRow
{
    std::string caseName;
    std::optional<Verdict> verdict; ///< nothing: no run of it was found
    std::string run; ///< id; empty when only a job is known
    std::string source; ///< folder of the bundle, or "job NAME"
    std::string message; ///< the first anomaly, or why the infrastructure failed
};

struct GateReport
{
    std::string suite;
    std::vector<GateRow> rows; ///< in the suite's order
    bool isOpen = false; ///< every case passed
    int exitCode = 0; ///< of the worst verdict; 2 when a case has none
};

/// What a gate looks at.
struct GateInput
{
    std::string suite;
    std::vector<std::string> cases;
    std::vector<std::string> bundles; ///< folders
    std::string pipeline; ///< bundles of other pipelines don't count; empty: all do
    std::map<std::string, std::string>
        jobs; ///< status of the pipeline's jobs by name, in GitLab's words
};

/// Judges a suite: a case's newest bundle counts; a case without one is judged by the job of its
/// name (free scripts). Nothing that is missing, broken or undecided passes, and an empty suite
/// does not.
[[nodiscard]] GateReport judgeGate(const GateInput &input);

/// The report as Markdown, for a release's description.
[[nodiscard]] std::string gateMarkdown(const GateReport &report);

} // namespace faultline::runs
