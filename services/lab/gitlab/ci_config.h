// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "services/lab/gitlab/ci_expression.h"

namespace faultline::lab {

/// Variables in the order in which they were written; later ones win.
using Variables = std::vector<std::pair<std::string, std::string>>;

enum class When { onSuccess, onFailure, always, manual, never };

struct CiRule
{
    std::optional<CiExpression> condition; ///< none: the rule always matches
    std::optional<When> when;
    std::optional<bool> allowFailure;
    Variables variables;
};

struct CiArtifacts
{
    std::vector<std::string> paths;
    std::vector<std::string> exclude;
    std::vector<std::string> junit;
    When when = When::onSuccess; ///< onSuccess, onFailure or always
    std::optional<std::int64_t> expireSeconds; ///< none: never
    std::string name;
};

struct CiRetry
{
    int max = 0;
    std::vector<std::string> when; ///< failure reasons; empty = any
    std::vector<int> exitCodes; ///< empty = any
};

struct CiNeed
{
    std::string job;
    bool artifacts = true;
    bool optional = false;
    int line = 0;
};

struct CiJob
{
    std::string name;
    int line = 0;
    std::string stage = "test";
    std::vector<std::string> beforeScript;
    std::vector<std::string> script;
    std::vector<std::string> afterScript;
    Variables variables;
    std::vector<std::string> tags;
    std::optional<std::int64_t> timeoutSeconds;
    std::optional<bool> allowFailure;
    std::vector<int> allowFailureExitCodes;
    When when = When::onSuccess;
    std::optional<std::vector<CiNeed>> needs; ///< none: the stages before
    std::optional<std::vector<CiRule>> rules;
    std::optional<CiArtifacts> artifacts;
    std::optional<std::vector<std::string>> dependencies; ///< none: all of the stages before
    CiRetry retry;
    bool interruptible = false;
    std::string resourceGroup;
    int parallel = 0; ///< parallel: N; 0 = not parallel
    std::vector<Variables> matrix; ///< one entry per job that parallel:matrix makes
};

/// A .gitlab-ci.yml, with `extends`, anchors and `default` worked in.
struct CiConfig
{
    std::vector<std::string> stages;
    Variables variables;
    std::optional<std::vector<CiRule>> workflowRules;
    std::string workflowName;
    std::vector<CiJob> jobs;
};

} // namespace faultline::lab
