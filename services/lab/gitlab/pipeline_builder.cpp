// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/lab/gitlab/pipeline_builder.h"

#include <algorithm>
#include <cctype>
#include <map>
#include <set>

#include "services/lab/gitlab/ci_rules.h"

namespace faultline::lab {

namespace {

constexpr std::int64_t defaultTimeoutSeconds = 3600; // GitLab's default of a project

constexpr const char *noJobsText
    = "Pipeline will not run for the selected trigger. The rules configuration prevented "
      "any jobs from being added to the pipeline.";

struct Copy
{
    std::string name;
    Variables variables;
};

// Names as GitLab writes them: "soak: [a, x]" and "soak 1/3".
std::vector<Copy> copiesOf(const CiJob &job)
{
    std::vector<Copy> copies;
    for (const Variables &entry : job.matrix) {
        std::string values;
        for (const auto &[key, value] : entry)
            values += (values.empty() ? "" : ", ") + value;
        copies.push_back({ job.name + ": [" + values + "]", entry });
    }
    for (int i = 1; i <= job.parallel; ++i)
        copies.push_back(
            { job.name + " " + std::to_string(i) + "/" + std::to_string(job.parallel), {} });
    if (copies.empty())
        copies.push_back({ job.name, {} });
    for (std::size_t i = 0; i < copies.size() && copies.size() > 1; ++i) {
        copies[i].variables.emplace_back("CI_NODE_INDEX", std::to_string(i + 1));
        copies[i].variables.emplace_back("CI_NODE_TOTAL", std::to_string(copies.size()));
    }
    return copies;
}

class Plan
{
public:
    Plan(const CiConfig &config, const VariableMap &known, const Variables &given,
        const CommitFiles &files)
        : m_config(config)
        , m_given(given)
        , m_files(files)
        , m_base(known)
    {
        overlay(m_base, config.variables);
        overlay(m_base, given);
    }

    tl::expected<PlannedPipeline, std::string> make()
    {
        m_plan.autoCancel = m_config.autoCancel;
        if (m_config.workflowRules) {
            const CiRule *rule = firstMatching(*m_config.workflowRules, m_base, m_files);
            if (!rule || rule->when == When::never)
                return tl::unexpected(std::string("Pipeline filtered out by workflow rules."));
            m_workflowVariables = rule->variables;
            if (rule->autoCancel.onNewCommit)
                m_plan.autoCancel.onNewCommit = rule->autoCancel.onNewCommit;
            if (rule->autoCancel.onJobFailure)
                m_plan.autoCancel.onJobFailure = rule->autoCancel.onJobFailure;
            overlay(m_base, rule->variables);
            overlay(m_base, m_given);
        }
        for (const CiJob &job : m_config.jobs)
            add(job);
        if (m_plan.jobs.empty())
            return tl::unexpected(std::string(noJobsText));
        if (auto connected = connect(); !connected)
            return tl::unexpected(connected.error());
        std::stable_sort(m_plan.jobs.begin(), m_plan.jobs.end(),
            [](const PlannedJob &a, const PlannedJob &b) { return a.stageIndex < b.stageIndex; });
        m_plan.name = expandVariables(m_config.workflowName, m_base);
        return std::move(m_plan);
    }

private:
    void add(const CiJob &job)
    {
        VariableMap variables = m_base;
        overlay(variables, job.variables);
        overlay(variables, m_given);
        When when = job.when;
        bool allowFailure = job.allowFailure.value_or(job.when == When::manual && !job.rules);
        Variables ruleVariables;
        std::int64_t startIn = job.startInSeconds;
        bool interruptible = job.interruptible;
        if (job.rules) {
            const CiRule *rule = firstMatching(*job.rules, variables, m_files);
            if (!rule)
                return;
            when = rule->when.value_or(job.when);
            allowFailure = rule->allowFailure.value_or(job.allowFailure.value_or(false));
            ruleVariables = rule->variables;
            startIn = rule->startInSeconds.value_or(startIn);
            interruptible = rule->interruptible.value_or(interruptible);
        }
        if (when == When::never)
            return;
        for (Copy &copy : copiesOf(job)) {
            const Variables matrix = copy.variables;
            PlannedJob planned = plannedFrom(job, ruleVariables, std::move(copy));
            planned.when = when;
            planned.allowFailure = allowFailure;
            planned.spec.startInSeconds = startIn;
            planned.spec.interruptible = interruptible;
            VariableMap own = variables;
            overlay(own, planned.spec.variables);
            planned.resourceGroup = expandVariables(job.resourceGroup, own);
            m_names[job.name].push_back(planned.name);
            m_copies[planned.name] = matrix;
            m_plan.jobs.push_back(std::move(planned));
            m_sources.push_back(&job);
        }
    }

    PlannedJob plannedFrom(const CiJob &job, const Variables &ruleVariables, Copy copy) const
    {
        PlannedJob planned;
        planned.name = std::move(copy.name);
        planned.stage = job.stage;
        planned.stageIndex
            = static_cast<int>(std::find(m_config.stages.begin(), m_config.stages.end(), job.stage)
                - m_config.stages.begin());
        JobSpec &spec = planned.spec;
        spec.script = job.beforeScript;
        spec.script.insert(spec.script.end(), job.script.begin(), job.script.end());
        spec.afterScript = job.afterScript;
        const std::initializer_list<const Variables *> parts = { &m_config.variables,
            &m_workflowVariables, &job.variables, &ruleVariables, &copy.variables };
        for (const Variables *part : parts)
            spec.variables.insert(spec.variables.end(), part->begin(), part->end());
        spec.tags = job.tags;
        spec.timeoutSeconds = job.timeoutSeconds.value_or(defaultTimeoutSeconds);
        spec.allowFailureExitCodes = job.allowFailureExitCodes;
        spec.artifacts = job.artifacts;
        spec.retry = job.retry;
        spec.trigger = job.trigger;
        return planned;
    }

    // Turns names of jobs of the file into names of jobs of the pipeline.
    tl::expected<void, std::string> connect()
    {
        for (std::size_t i = 0; i < m_plan.jobs.size(); ++i) {
            PlannedJob &job = m_plan.jobs[i];
            const CiJob &source = *m_sources[i];
            if (source.needs) {
                job.spec.needs.emplace();
                for (const CiNeed &need : *source.needs)
                    if (auto connected = connectNeed(job, need); !connected)
                        return connected;
            }
            if (source.dependencies) {
                job.spec.artifactsFrom.clear();
                for (const std::string &name : *source.dependencies)
                    for (const std::string &copy : m_names[name])
                        job.spec.artifactsFrom.push_back(copy);
            } else if (!source.needs) {
                for (const PlannedJob &other : m_plan.jobs)
                    if (other.stageIndex < job.stageIndex && other.spec.artifacts)
                        job.spec.artifactsFrom.push_back(other.name);
            }
        }
        return findCircle();
    }

    tl::expected<void, std::string> connectNeed(PlannedJob &job, const CiNeed &need)
    {
        const auto copies = m_names.find(need.job);
        if (copies == m_names.end()) {
            if (need.optional)
                return {};
            return tl::unexpected("'" + job.name + "' job needs '" + need.job + "' job, but '"
                + need.job
                + "' does not exist in the pipeline. This might be because of the only, except, or "
                  "rules keywords. To "
                  "need a job that sometimes does not exist in the pipeline, use needs:optional.");
        }
        for (const std::string &copy : copies->second) {
            if (!isWanted(need, m_copies[copy]))
                continue;
            job.spec.needs->push_back(copy);
            if (need.artifacts)
                job.spec.artifactsFrom.push_back(copy);
        }
        return {};
    }

    // needs:parallel:matrix names some of the copies by their variables.
    static bool isWanted(const CiNeed &need, const Variables &copy)
    {
        const auto has = [&copy](const auto &variable) {
            return std::find(copy.begin(), copy.end(), variable) != copy.end();
        };
        return need.matrix.empty()
            || std::any_of(need.matrix.begin(), need.matrix.end(), [&](const Variables &entry) {
                   return std::all_of(entry.begin(), entry.end(), has);
               });
    }

    // A job that waits for itself would stay "created" for ever.
    [[nodiscard]] tl::expected<void, std::string> findCircle() const
    {
        std::set<std::string_view> settled;
        for (bool moved = true; moved;) {
            moved = false;
            for (const PlannedJob &job : m_plan.jobs) {
                if (settled.contains(job.name))
                    continue;
                const std::vector<std::string> needs
                    = job.spec.needs.value_or(std::vector<std::string>());
                if (std::all_of(needs.begin(), needs.end(),
                        [&](const auto &name) { return settled.contains(name); }))
                    moved = settled.insert(job.name).second;
            }
        }
        for (const PlannedJob &job : m_plan.jobs)
            if (!settled.contains(job.name))
                return tl::unexpected(
                    "The pipeline has circular dependencies: job '" + job.name + "' needs itself.");
        return {};
    }

    const CiConfig &m_config;
    const Variables &m_given;
    const CommitFiles &m_files;
    std::map<std::string, Variables> m_copies; // of every planned job
    VariableMap m_base;
    Variables m_workflowVariables;
    PlannedPipeline m_plan;
    std::vector<const CiJob *> m_sources; // of m_plan.jobs, until they are sorted
    std::map<std::string, std::vector<std::string>> m_names;
};

} // namespace

tl::expected<PlannedPipeline, std::string> planPipeline(const CiConfig &config,
    const VariableMap &known, const Variables &given, const CommitFiles &files)
{
    return Plan(config, known, given, files).make();
}

std::string expandVariables(std::string_view text, const VariableMap &variables)
{
    std::string out;
    for (std::size_t at = 0; at < text.size();) {
        if (text[at] != '$') {
            out += text[at++];
            continue;
        }
        if (text.substr(at).starts_with("$$")) {
            out += '$';
            at += 2;
            continue;
        }
        const bool braces = text.substr(at).starts_with("${");
        const std::size_t start = at + (braces ? 2 : 1);
        std::size_t end = start;
        while (end < text.size()
            && (std::isalnum(static_cast<unsigned char>(text[end])) || text[end] == '_'))
            ++end;
        if (end == start || (braces && (end == text.size() || text[end] != '}'))) {
            out += text[at++];
            continue;
        }
        if (const auto found = variables.find(text.substr(start, end - start));
            found != variables.end())
            out += found->second;
        at = end + (braces ? 1 : 0);
    }
    return out;
}

} // namespace faultline::lab
