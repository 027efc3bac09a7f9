// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "services/lab/gitlab/ci_expression.h"

namespace faultline::lab {

/// Variables in the order in which they were written; later ones win.
using Variables = std::vector<std::pair<std::string, std::string>>;

enum class When { onSuccess, onFailure, always, manual, delayed, never };

/// What cancels a pipeline by itself.
struct CiAutoCancel
{
    std::optional<std::string> onNewCommit; ///< conservative, interruptible, none
    std::optional<std::string> onJobFailure; ///< all, none
};

struct CiRule
{
    std::optional<CiExpression> condition; ///< none: the rule always matches
    std::optional<When> when;
    std::optional<bool> allowFailure;
    Variables variables;
    std::optional<std::vector<std::string>> changes; ///< patterns of files
    std::optional<std::vector<std::string>> exists;
    std::optional<std::int64_t> startInSeconds;
    std::optional<bool> interruptible;
    CiAutoCancel autoCancel; ///< of a rule of `workflow`
    int line = 0;
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
    std::vector<Variables> matrix; ///< only these of the copies; empty = all
};

/// A job that starts a child pipeline in place of a script.
struct CiTrigger
{
    std::vector<std::string> files; ///< of the repository, merged in this order
    std::map<std::string, std::string> inputs; ///< as JSON texts
    bool dependsOnChild = false; ///< strategy: depend or mirror
    bool forwardsYamlVariables = true;
    bool forwardsPipelineVariables = false;
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
    std::int64_t startInSeconds = 0;
    std::optional<CiTrigger> trigger;
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
    CiAutoCancel autoCancel;
    std::vector<CiJob> jobs;
    std::string mergedYaml; ///< the file with what it includes, when it was asked for
    std::vector<std::string> included; ///< files of the repository
    bool usesChanges = false; ///< a rule asks for the files that a push changed
    bool usesExists = false; ///< a rule asks for the files of the commit
};

} // namespace faultline::lab
