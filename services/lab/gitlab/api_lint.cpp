// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/lab/gitlab/api_lint.h"

#include "services/lab/gitlab/body_parameters.h"
#include "services/lab/gitlab/ci_variables.h"
#include "services/lab/gitlab/ci_yaml_reader.h"
#include "services/lab/gitlab/job_spec.h"
#include "services/lab/gitlab/pipeline_builder.h"

namespace faultline::lab {

namespace {

struct Wish
{
    std::optional<std::string> content; ///< none: the file of `contentRef`
    std::string contentRef;
    std::string runRef; ///< what a dry run runs for
    bool dryRun = false;
    bool wantsJobs = false;
};

OrderedJson includeJson(const std::string &path, const Entities &entities,
    const std::string &project, const std::string &sha)
{
    return { { "type", "local" }, { "location", path },
        { "blob", entities.web() + "/-/blob/" + sha + "/" + path },
        { "raw", entities.web() + "/-/raw/" + sha + "/" + path },
        { "extra", OrderedJson::object() }, { "context_project", project },
        { "context_sha", sha } };
}

OrderedJson jobJson(const std::string &name, const std::string &stage,
    const std::vector<std::string> &before, const std::vector<std::string> &script,
    const std::vector<std::string> &after, const std::vector<std::string> &tags,
    const std::string &when, bool allowFailure)
{
    return { { "name", name }, { "stage", stage }, { "before_script", before },
        { "script", script }, { "after_script", after }, { "tag_list", tags }, { "only", nullptr },
        { "except", nullptr }, { "environment", nullptr }, { "when", when },
        { "allow_failure", allowFailure }, { "needs", nullptr } };
}

OrderedJson jobsOf(const CiConfig &config, const PlannedPipeline *plan)
{
    OrderedJson jobs = OrderedJson::array();
    if (plan)
        for (const PlannedJob &job : plan->jobs)
            jobs.push_back(jobJson(job.name, job.stage, {}, job.spec.script, job.spec.afterScript,
                job.spec.tags, std::string(whenName(job.when)), job.allowFailure));
    else
        for (const CiJob &job : config.jobs)
            jobs.push_back(
                jobJson(job.name, job.stage, job.beforeScript, job.script, job.afterScript,
                    job.tags, std::string(whenName(job.when)), job.allowFailure.value_or(false)));
    return jobs;
}

OrderedJson resultJson(bool valid, const std::string &error)
{
    OrderedJson errors = OrderedJson::array();
    if (!valid)
        errors.push_back(error);
    return { { "valid", valid }, { "errors", errors }, { "warnings", OrderedJson::array() },
        { "merged_yaml", nullptr }, { "includes", OrderedJson::array() } };
}

OrderedJson lint(const GitRepository &repository, const Wish &wish, const Entities &entities,
    const std::string &project)
{
    const auto contentSha = repository.commitOf(wish.contentRef);
    const auto content = wish.content ? wish.content
        : contentSha                  ? repository.file(*contentSha, ".gitlab-ci.yml")
                                      : std::nullopt;
    if (!content)
        return resultJson(false, "Please provide content of .gitlab-ci.yml");
    CiSources sources;
    sources.wantsMergedYaml = true;
    if (contentSha)
        sources.file = [&](const std::string &path) { return repository.file(*contentSha, path); };
    const auto config = readCiConfig(*content, sources);
    if (!config)
        return resultJson(false, config.error().text());
    OrderedJson out = resultJson(true, {});
    out["merged_yaml"] = config->mergedYaml;
    for (const std::string &path : config->included)
        out["includes"].push_back(includeJson(path, entities, project, contentSha.value_or("")));
    tl::expected<PlannedPipeline, std::string> plan = tl::unexpected(std::string());
    if (wish.dryRun) {
        const auto ref = repository.resolve(wish.runRef);
        const auto commit = ref ? repository.commit(ref->sha) : tl::unexpected(std::string());
        if (!ref || !commit)
            return resultJson(false, "Reference not found");
        CommitFiles files;
        files.all = config->usesExists ? repository.files(ref->sha) : files.all;
        plan = planPipeline(
            *config, commitVariables("push", ref->name, ref->tag, {}, *commit, project), {}, files);
        if (!plan)
            return resultJson(false, plan.error());
    }
    if (wish.wantsJobs)
        out["jobs"] = jobsOf(*config, plan ? &*plan : nullptr);
    return out;
}

void answer(const ApiCall &call, Wish wish)
{
    wish.dryRun = flagParameter(call.parameters(), "dry_run");
    wish.wantsJobs = flagParameter(call.parameters(), "include_jobs");
    call.inWorker([call, wish, repository = call.context().repository]() mutable {
        const std::string branch = repository.defaultBranch();
        wish.contentRef = wish.contentRef.empty() ? branch : wish.contentRef;
        wish.runRef = wish.runRef.empty() ? branch : wish.runRef;
        return [call,
                   body = lint(repository, wish, call.entities(),
                       call.context().options.projectPath)] { call.reply(200, body); };
    });
}

} // namespace

void addLintRoutes(ApiRoutes &routes)
{
    routes.addToProject("POST", "/ci/lint", [](const ApiCall &call) {
        Wish wish;
        wish.content = call.required("content");
        wish.runRef = call.text("ref");
        answer(call, wish);
    });
    routes.addToProject("GET", "/ci/lint", [](const ApiCall &call) {
        Wish wish;
        for (const char *key : { "content_ref", "sha", "ref" })
            if (wish.contentRef.empty())
                wish.contentRef = call.text(key);
        wish.runRef = call.text("dry_run_ref");
        answer(call, wish);
    });
}

} // namespace faultline::lab
