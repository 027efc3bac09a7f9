// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "services/lab/gitlab/ci_config.h"

namespace faultline::lab {

/// What a job was told to do, as the database keeps it: everything of a CiJob that is needed after
/// the pipeline was made, and nothing that changes.
struct JobSpec
{
    std::vector<std::string> script; ///< before_script and script
    std::vector<std::string> afterScript;
    Variables variables; ///< global, of the job, of the matching rule, of the matrix; in rising
                         ///< precedence
    std::vector<std::string> tags;
    std::int64_t timeoutSeconds = 3600;
    std::vector<int> allowFailureExitCodes;
    std::optional<std::vector<std::string>> needs; ///< names of jobs; none: the stages before
    std::vector<std::string> artifactsFrom; ///< names of jobs whose artifacts are wanted
    std::optional<CiArtifacts> artifacts;
    CiRetry retry;
    bool interruptible = false;
    std::int64_t startInSeconds = 0; ///< of a delayed job
    std::optional<CiTrigger> trigger; ///< of a bridge

    /// JSON, for the database.
    [[nodiscard]] std::string toText() const;
    /// An unreadable text gives an empty spec.
    [[nodiscard]] static JobSpec fromText(const std::string &text);
};

/// "on_success", …
[[nodiscard]] std::string_view whenName(When when);
[[nodiscard]] When whenFromName(std::string_view name);

} // namespace faultline::lab
