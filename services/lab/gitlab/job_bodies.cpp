// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/lab/gitlab/job_bodies.h"

namespace faultline::lab {

namespace {

constexpr std::size_t mostKept = 20'000; // about 2 KiB each
constexpr std::string_view marker = "\"pipeline\":{";

} // namespace

JobBodies::JobBodies(GitLabContext &context)
    : m_context(context)
{
    context.store.onJobChanged = [this](std::int64_t job) { m_complete.erase(job); };
}

std::string JobBodies::one(
    const JobRecord &job, const Entities &entities, const std::string &origin)
{
    Pipelines pipelines;
    std::string out;
    append(out, job, entities, origin, pipelines);
    return out;
}

std::string JobBodies::list(
    const std::vector<JobRecord> &jobs, const Entities &entities, const std::string &origin)
{
    Pipelines pipelines;
    std::string out = "[";
    for (const JobRecord &job : jobs) {
        if (out.size() > 1)
            out += ',';
        append(out, job, entities, origin, pipelines);
    }
    out += ']';
    return out;
}

const JobBodies::PipelineText &JobBodies::pipelineText(
    std::int64_t id, const Entities &entities, Pipelines &pipelines)
{
    const auto found = pipelines.find(id);
    if (found != pipelines.end())
        return found->second;
    PipelineText text;
    text.record = m_context.store.pipeline(id).value_or(PipelineRecord());
    text.text = jsonText(entities.pipelineBasic(text.record));
    const auto commit = m_context.store.commit(text.record.sha);
    text.commit = commit ? entities.commit(*commit) : OrderedJson(nullptr);
    return pipelines.emplace(id, std::move(text)).first->second;
}

void JobBodies::append(std::string &out, const JobRecord &job, const Entities &entities,
    const std::string &origin, Pipelines &pipelines)
{
    const PipelineText &pipeline = pipelineText(job.pipeline, entities, pipelines);
    auto kept = m_complete.find(job.id);
    if (kept == m_complete.end() || kept->second.origin != origin) {
        const LabRunner *runner = job.runner != 0 ? m_context.runner(job.runner) : nullptr;
        const std::string whole = jsonText(entities.job(job, pipeline.record, pipeline.commit,
            m_context.store.artifacts(job.id), runner, m_context.progress.now()));
        const std::size_t start = whole.find(pipeline.text);
        if (!isComplete(job.status) || start == std::string::npos
            || whole.compare(start - marker.size() + 1, marker.size(), marker) != 0) {
            out += whole;
            return;
        }
        if (m_complete.size() >= mostKept)
            m_complete.clear();
        Text text{ origin, whole.substr(0, start), whole.substr(start + pipeline.text.size()) };
        kept = m_complete.insert_or_assign(job.id, std::move(text)).first;
    }
    out += kept->second.before;
    out += pipeline.text;
    out += kept->second.after;
}

} // namespace faultline::lab
