// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/lab/gitlab/ci_yaml_reader.h"

#include <algorithm>
#include <array>
#include <unordered_set>

#include "services/lab/gitlab/ci_extends.h"
#include "services/lab/gitlab/ci_fields.h"
#include "services/lab/gitlab/ci_job_reader.h"

namespace faultline::lab {

namespace {

constexpr std::array<std::string_view, 6> topKeys
    = { "stages", "variables", "default", "workflow", "before_script", "after_script" };
// Keys of the whole file in GitLab that would be taken for a job here.
constexpr std::array<std::string_view, 6> unsupportedTopKeys
    = { "image", "services", "cache", "spec", "types", "pages" };
constexpr std::array<std::string_view, 7> defaultKeys
    = { "before_script", "after_script", "tags", "timeout", "retry", "interruptible", "artifacts" };

template <typename List>
bool holds(const List &list, std::string_view key)
{
    return std::find(list.begin(), list.end(), key) != list.end();
}

void readStages(const YamlValue &root, CiConfig &config)
{
    std::vector<std::string> middle = { "build", "test", "deploy" };
    if (const YamlValue *stages = root.find("stages"))
        middle = readTexts(*stages, "stages");
    config.stages.emplace_back(".pre");
    for (std::string &stage : middle)
        if (!holds(config.stages, stage) && stage != ".post")
            config.stages.push_back(std::move(stage));
    config.stages.emplace_back(".post");
}

void readWorkflow(const YamlValue &value, CiConfig &config)
{
    requireMap(value, "workflow");
    requireKnownKeys(value, "workflow", { "rules", "name", "auto_cancel" });
    if (const YamlValue *rules = value.find("rules"))
        config.workflowRules = readRules(*rules, "workflow:rules", true);
    if (const YamlValue *name = value.find("name"))
        config.workflowName = readText(*name, "workflow:name");
    if (const YamlValue *autoCancel = value.find("auto_cancel"))
        config.autoCancel = readAutoCancel(*autoCancel, "workflow:auto_cancel");
}

// What a job takes over when it does not say otherwise: `default`, and the old keys at the top of
// the file.
YamlValue readDefaults(const YamlValue &root)
{
    YamlValue defaults;
    defaults.kind = YamlValue::Kind::map;
    if (const YamlValue *section = root.find("default")) {
        requireMap(*section, "default");
        for (const auto &[key, value] : section->entries)
            if (!holds(defaultKeys, key))
                failAt(value, "default:" + key, "this key is not supported by the lab");
        defaults = *section;
    }
    for (const char *key : { "before_script", "after_script" })
        if (const YamlValue *value = root.find(key); value && !defaults.find(key))
            defaults.entries.emplace_back(key, *value);
    return defaults;
}

void readJobs(const YamlValue &root, CiConfig &config)
{
    const YamlValue defaults = readDefaults(root);
    for (const auto &[name, value] : root.entries) {
        if (holds(unsupportedTopKeys, name))
            failAt(value, name, "this key is not supported by the lab");
        if (holds(topKeys, name) || name.starts_with("."))
            continue;
        if (!value.isMap())
            failAt(value, name, "is neither a known key nor a job");
        YamlValue job = extendedJob(root, name);
        for (const auto &[key, content] : defaults.entries)
            if (!job.find(key))
                job.entries.emplace_back(key, content);
        config.jobs.push_back(readCiJob(name, job));
    }
    if (config.jobs.empty())
        failAt(root, {}, "there is no job: at least one is needed");
}

void checkJobs(const YamlValue &root, const CiConfig &config)
{
    std::unordered_set<std::string> names;
    for (const CiJob &job : config.jobs)
        names.insert(job.name);
    for (const CiJob &job : config.jobs) {
        const YamlValue &value = *root.find(job.name);
        const CiKey key = "jobs:" + job.name;
        if (!holds(config.stages, job.stage)) {
            const YamlValue *stage = value.find("stage");
            failAt(stage ? *stage : value, key + ":stage",
                "the stage \"" + job.stage
                    + "\" does not exist; it can be one of those in `stages`");
        }
        for (const CiNeed &need : job.needs.value_or(std::vector<CiNeed>()))
            if (!names.contains(need.job) && !need.optional)
                throw CiFailure{ CiError{
                    need.line, key + ":needs", "there is no job \"" + need.job + "\"" } };
        for (const std::string &other : job.dependencies.value_or(std::vector<std::string>()))
            if (!names.contains(other))
                failAt(value, key + ":dependencies", "there is no job \"" + other + "\"");
    }
}

void noteFileRules(CiConfig &config)
{
    const auto look = [&config](const std::optional<std::vector<CiRule>> &rules) {
        for (const CiRule &rule : rules.value_or(std::vector<CiRule>())) {
            config.usesChanges = config.usesChanges || rule.changes;
            config.usesExists = config.usesExists || rule.exists;
        }
    };
    look(config.workflowRules);
    for (const CiJob &job : config.jobs)
        look(job.rules);
}

CiConfig configOf(YamlValue root, std::vector<std::string> included, bool wantsMergedYaml)
{
    CiConfig config;
    config.included = std::move(included);
    resolveReferences(root);
    if (wantsMergedYaml)
        config.mergedYaml = yamlText(root);
    readStages(root, config);
    if (const YamlValue *variables = root.find("variables"))
        config.variables = readVariables(*variables, "variables");
    if (const YamlValue *workflow = root.find("workflow"))
        readWorkflow(*workflow, config);
    readJobs(root, config);
    checkJobs(root, config);
    noteFileRules(config);
    return config;
}

} // namespace

tl::expected<CiConfig, CiError> readCiConfig(const std::string &text, const CiSources &sources)
try {
    std::vector<std::string> included;
    YamlValue root = readWithInputs(text, nullptr, sources.inputs);
    if (!root.isMap())
        failAt(root, {}, "the file should be a map of jobs");
    resolveIncludes(root, sources, included);
    return configOf(std::move(root), std::move(included), sources.wantsMergedYaml);
} catch (const CiFailure &failure) {
    return tl::unexpected(failure.error);
}

tl::expected<CiConfig, CiError> readCiFiles(
    const std::vector<std::string> &files, const CiSources &sources)
try {
    std::vector<std::string> included;
    YamlValue root = readMerged(files, sources, included);
    return configOf(std::move(root), std::move(included), sources.wantsMergedYaml);
} catch (const CiFailure &failure) {
    return tl::unexpected(failure.error);
}

} // namespace faultline::lab
