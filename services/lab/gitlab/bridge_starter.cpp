// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/lab/gitlab/bridge_starter.h"

#include <cstdio>
#include <utility>

namespace faultline::lab {

namespace {

constexpr int deepestChild = 2; // GitLab's own limit of levels below the first pipeline
constexpr std::int64_t everything = 10'000;

Variables forwarded(const CiTrigger &trigger, const JobSpec &spec, const PipelineRecord &parent)
{
    Variables variables;
    if (trigger.forwardsYamlVariables)
        variables = spec.variables;
    const auto given = nlohmann::json::parse(parent.variables, nullptr, false);
    if (trigger.forwardsPipelineVariables && given.is_array())
        for (const auto &item : given)
            variables.emplace_back(item.value("key", ""), item.value("value", ""));
    return variables;
}

} // namespace

BridgeStarter::BridgeStarter(GitLabContext &context, PipelineStarter &starter)
    : m_context(context)
    , m_starter(starter)
{
}

void BridgeStarter::start(const JobRecord &bridge)
{
    const JobSpec spec = JobSpec::fromText(m_context.store.spec(bridge.id));
    const PipelineRecord parent
        = m_context.store.pipeline(bridge.pipeline).value_or(PipelineRecord());
    const CiTrigger trigger = spec.trigger.value_or(CiTrigger());
    if (depthOf(parent) >= deepestChild) {
        // Later: the caller is in the middle of moving this pipeline on.
        m_context.server.post(
            [this, id = bridge.id] { fail(id, "reached_max_descendant_pipelines_depth"); });
        return;
    }
    PipelineRequest request;
    request.source = "parent_pipeline";
    request.ref = parent.ref;
    request.sha = parent.sha;
    request.beforeSha = parent.beforeSha;
    request.bridge = bridge.id;
    request.files = trigger.files;
    request.variables = forwarded(trigger, spec, parent);
    for (const auto &[name, text] : trigger.inputs)
        request.inputs[name] = nlohmann::json::parse(text, nullptr, false);
    m_starter.start(std::move(request),
        [this, id = bridge.id, waits = trigger.dependsOnChild](
            const tl::expected<PipelineRecord, std::string> &child) { finish(id, waits, child); });
}

void BridgeStarter::startWaiting()
{
    for (const JobRecord &job : m_context.store.jobsWithStatus("pending", everything))
        if (job.kind == "bridge")
            start(job);
}

int BridgeStarter::depthOf(PipelineRecord pipeline)
{
    int depth = 0;
    while (pipeline.bridge != 0 && depth < deepestChild) {
        const auto bridge = m_context.store.job(pipeline.bridge);
        const auto parent = bridge ? m_context.store.pipeline(bridge->pipeline) : std::nullopt;
        if (!parent)
            break;
        pipeline = *parent;
        ++depth;
    }
    return depth;
}

void BridgeStarter::finish(
    std::int64_t id, bool waits, const tl::expected<PipelineRecord, std::string> &child)
{
    try {
        const auto bridge = m_context.store.job(id);
        if (bridge && child && bridge->status == "pending")
            m_context.progress.bridgeStarted(*bridge, child->id, waits);
        else if (child)
            m_context.progress.cancelPipeline(child->id); // the bridge was canceled meanwhile
    } catch (const StoreFailure &failure) {
        std::fprintf(stderr, "faultline-lab: a child pipeline is lost: %s\n", failure.what());
    }
    if (!child)
        fail(id, "downstream_pipeline_creation_failed");
}

void BridgeStarter::fail(std::int64_t id, const std::string &reason)
try {
    if (const auto bridge = m_context.store.job(id); bridge && !isComplete(bridge->status))
        m_context.progress.finish(*bridge, false, reason, std::nullopt, 0);
} catch (const StoreFailure &failure) {
    std::fprintf(stderr, "faultline-lab: a bridge can't be ended: %s\n", failure.what());
}

} // namespace faultline::lab
