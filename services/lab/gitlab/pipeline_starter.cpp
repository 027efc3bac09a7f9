// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/lab/gitlab/pipeline_starter.h"

#include <memory>
#include <optional>

#include "services/lab/gitlab/api_time.h"
#include "services/lab/gitlab/ci_variables.h"
#include "services/lab/gitlab/ci_yaml_reader.h"
#include "services/lab/gitlab/entities.h"

namespace faultline::lab {

namespace {

constexpr const char *noSha = "0000000000000000000000000000000000000000";

std::string variablesText(const Variables &variables)
{
    OrderedJson list = OrderedJson::array();
    for (const auto &[key, value] : variables) {
        OrderedJson item;
        item["variable_type"] = "env_var";
        item["key"] = key;
        item["value"] = value;
        item["raw"] = false;
        list.push_back(std::move(item));
    }
    return jsonText(list);
}

} // namespace

struct PipelineStarter::Prepared
{
    Ref ref;
    CommitRecord commit;
    tl::expected<PlannedPipeline, std::string> plan;
    bool fileIsBroken = false;
};

PipelineStarter::PipelineStarter(GitLabContext &context)
    : m_context(context)
{
}

void PipelineStarter::start(PipelineRequest request, Done done)
{
    m_context.workers.run(
        [this, request = std::move(request), done = std::move(done),
            repository = m_context.repository, project = m_context.options.projectPath] {
            auto prepared = std::make_shared<tl::expected<Prepared, std::string>>(
                prepare(repository, project, request));
            m_context.server.post([this, request, done, prepared] {
                tl::expected<PipelineRecord, std::string> result;
                try {
                    result = store(request, *prepared);
                } catch (const StoreFailure &failure) {
                    result = tl::unexpected(std::string("the database failed: ") + failure.what());
                }
                done(std::move(result));
            });
        });
}

tl::expected<PipelineStarter::Prepared, std::string> PipelineStarter::prepare(
    const GitRepository &repository, const std::string &projectPath, const PipelineRequest &request)
{
    const auto ref = repository.resolve(request.ref);
    if (!ref)
        return tl::unexpected(std::string("Reference not found"));
    const auto commit = repository.commit(ref->sha);
    if (!commit)
        return tl::unexpected(commit.error());
    Prepared prepared{ *ref, *commit, tl::unexpected(std::string()), false };
    const auto file = repository.file(ref->sha, ".gitlab-ci.yml");
    if (!file)
        return tl::unexpected(std::string("Missing CI config file"));
    const auto config = readCiConfig(*file);
    if (!config) {
        prepared.fileIsBroken = true;
        prepared.plan = tl::unexpected(config.error().text());
        return prepared;
    }
    VariableMap known = commitVariables(
        request.source, ref->name, ref->tag, request.beforeSha, *commit, projectPath);
    known["CI_DEFAULT_BRANCH"] = repository.defaultBranch();
    prepared.plan = planPipeline(*config, known, request.variables);
    return prepared;
}

tl::expected<PipelineRecord, std::string> PipelineStarter::store(
    const PipelineRequest &request, const tl::expected<Prepared, std::string> &prepared)
{
    if (!prepared)
        return tl::unexpected(prepared.error());
    PipelineRecord pipeline;
    pipeline.sha = prepared->commit.sha;
    pipeline.beforeSha = request.beforeSha.empty() ? noSha : request.beforeSha;
    pipeline.ref = prepared->ref.name;
    pipeline.tag = prepared->ref.tag;
    pipeline.source = request.source;
    pipeline.committed = parseTime(prepared->commit.committed).value_or(0);
    pipeline.variables = variablesText(request.variables);
    m_context.store.saveCommit(prepared->commit);
    if (prepared->plan)
        return m_context.progress.create(std::move(pipeline), *prepared->plan);
    if (prepared->fileIsBroken && request.keepBroken)
        return m_context.progress.createBroken(std::move(pipeline), prepared->plan.error());
    return tl::unexpected(prepared->plan.error());
}

} // namespace faultline::lab
