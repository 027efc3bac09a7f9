// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

#include <tl/expected.hpp>

#include "services/lab/gitlab/ci_config.h"
#include "services/lab/gitlab/ci_expression.h"
#include "services/lab/gitlab/ci_rules.h"
#include "services/lab/gitlab/job_spec.h"

namespace faultline::lab {

struct PlannedJob
{
    std::string name; ///< "soak: [a, x]" for one of a matrix, "soak 1/3" for one of several
    std::string stage;
    int stageIndex = 0;
    When when = When::onSuccess;
    bool allowFailure = false;
    std::string resourceGroup; ///< empty = none
    JobSpec spec;
};

struct PlannedPipeline
{
    std::string name; ///< workflow:name
    CiAutoCancel autoCancel; ///< of the workflow, or of its rule that matched
    std::vector<PlannedJob> jobs; ///< in the order of stages, then of the file; never empty
};

/// Decides which jobs a pipeline gets. `known` are the variables that hold for the whole pipeline
/// (CI_PIPELINE_SOURCE, CI_COMMIT_BRANCH, …, without those of the file), `given` those that its
/// starter passed, which win over the file's. The error is GitLab's own text where it has one.
[[nodiscard]] tl::expected<PlannedPipeline, std::string> planPipeline(const CiConfig &config,
    const VariableMap &known, const Variables &given, const CommitFiles &files = {});

/// Replaces $NAME and ${NAME}; unknown names become empty, "$$" becomes "$".
[[nodiscard]] std::string expandVariables(std::string_view text, const VariableMap &variables);

} // namespace faultline::lab
