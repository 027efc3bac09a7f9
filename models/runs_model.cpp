// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/runs_model.h"

#include "models/pipeline_node.h"

#include <QSet>

namespace faultline::models {

using domain::Job;
using domain::JobId;
using domain::Pipeline;
using domain::PipelineId;

bool RunsModel::JobTraits::assign(Job &job, Job &&update)
{
    if (job == update)
        return false;
    job = std::move(update);
    return true;
}

PipelineId RunsModel::PipelineTraits::keyOf(const NodePointer &node)
{
    return node->value.id;
}

bool RunsModel::PipelineTraits::assign(NodePointer &node, NodePointer &&update)
{
    if (node->isKnown && node->value == update->value)
        return false;
    node->value = std::move(update->value);
    node->isKnown = true;
    return true;
}

/// Forwards steps to the model's protected functions, for the rows under `parent`.
struct RunsModel::Sink
{
    RunsModel &model;
    QModelIndex parent;

    void beginInsert(int first, int last) { model.beginInsertRows(parent, first, last); }
    void endInsert() { model.endInsertRows(); }
    void beginRemove(int first, int last) { model.beginRemoveRows(parent, first, last); }
    void endRemove() { model.endRemoveRows(); }
    void changed(int first, int last)
    {
        Q_EMIT model.dataChanged(
            model.index(first, 0, parent), model.index(last, ColumnCount - 1, parent));
    }
};

RunsModel::RunsModel(QObject *parent)
    : QAbstractItemModel(parent)
{
}

RunsModel::~RunsModel() = default;

void RunsModel::apply(const ci::CiDelta &delta)
{
    const bool isSnapshot = delta.pipelines.isSnapshot;
    if (isSnapshot && m_pipelines.size() > 0 && !sharesPipeline(delta)) {
        reset(delta);
        return;
    }
    JobsByPipeline jobs;
    for (const QList<Job> *list : { &delta.jobs.added, &delta.jobs.changed }) {
        for (const Job &job : *list)
            jobs[job.pipelineId].append(job);
    }
    if (isSnapshot)
        removeAbsent(delta, jobs);
    removeJobs(delta.jobs.removed);
    removePipelines(delta.pipelines.removed);
    upsertPipelines(delta.pipelines.added + delta.pipelines.changed, jobs);
    for (auto group = jobs.cbegin(); group != jobs.cend(); ++group)
        upsertJobs(*nodeOf(group.key()), group.value());
}

bool RunsModel::sharesPipeline(const ci::CiDelta &delta) const
{
    const auto isShown
        = [this](const Pipeline &pipeline) { return nodeOf(pipeline.id) != nullptr; };
    return std::any_of(delta.pipelines.added.begin(), delta.pipelines.added.end(), isShown);
}

void RunsModel::reset(const ci::CiDelta &delta)
{
    beginResetModel();
    m_pipelines.clear();
    m_pipelineOfJob.clear();
    m_newestPass.clear();
    m_progress.clear();
    JobsByPipeline jobs;
    for (const Job &job : delta.jobs.added)
        jobs[job.pipelineId].append(job);
    m_pipelines.fill(newNodes(delta.pipelines.added, jobs));
    endResetModel();
}

void RunsModel::removeAbsent(const ci::CiDelta &delta, const JobsByPipeline &jobs)
{
    QSet<PipelineId> present;
    for (const Pipeline &pipeline : delta.pipelines.added)
        present.insert(pipeline.id);
    for (auto group = jobs.cbegin(); group != jobs.cend(); ++group)
        present.insert(group.key());
    QList<PipelineId> gone;
    for (const NodePointer &node : m_pipelines) {
        if (!present.contains(node->value.id))
            gone.append(node->value.id);
    }
    removePipelines(gone);

    QSet<JobId> presentJobs;
    for (const QList<Job> &group : jobs) {
        for (const Job &job : group)
            presentJobs.insert(job.id);
    }
    QList<JobId> goneJobs;
    for (auto entry = m_pipelineOfJob.cbegin(); entry != m_pipelineOfJob.cend(); ++entry) {
        if (!presentJobs.contains(entry.key()))
            goneJobs.append(entry.key());
    }
    removeJobs(goneJobs);
}

void RunsModel::removeJobs(const QList<JobId> &ids)
{
    QHash<PipelineId, std::vector<JobId>> byPipeline;
    for (const JobId &id : ids) {
        const auto entry = m_pipelineOfJob.constFind(id);
        if (entry == m_pipelineOfJob.cend())
            continue;
        byPipeline[*entry].push_back(id);
        m_pipelineOfJob.erase(entry);
        m_progress.remove(id);
    }
    for (auto group = byPipeline.cbegin(); group != byPipeline.cend(); ++group) {
        PipelineNode &node = *nodeOf(group.key());
        node.jobs.remove(group.value(), Sink{ *this, indexOf(node) });
        if (node.jobs.size() == 0 && !node.isKnown)
            removePipelines({ group.key() });
        else
            refreshStages(node);
    }
}

void RunsModel::removePipelines(const QList<PipelineId> &ids)
{
    for (const PipelineId &id : ids) {
        if (const PipelineNode *node = nodeOf(id))
            forget(*node);
    }
    m_pipelines.remove({ ids.begin(), ids.end() }, Sink{ *this, {} });
}

void RunsModel::forget(const PipelineNode &node)
{
    for (const Job &job : node.jobs) {
        m_pipelineOfJob.remove(job.id);
        m_progress.remove(job.id);
    }
}

void RunsModel::upsertPipelines(const QList<Pipeline> &pipelines, JobsByPipeline &jobs)
{
    std::vector<NodePointer> known;
    QList<Pipeline> fresh;
    for (const Pipeline &pipeline : pipelines) {
        if (nodeOf(pipeline.id) == nullptr) {
            fresh.append(pipeline);
            continue;
        }
        auto update = std::make_unique<PipelineNode>();
        update->value = pipeline;
        known.push_back(std::move(update));
    }
    m_pipelines.upsert(std::move(known), Sink{ *this, {} });

    JobsByPipeline ofFresh;
    for (auto group = jobs.begin(); group != jobs.end();) {
        if (nodeOf(group.key()) != nullptr) {
            ++group;
            continue;
        }
        ofFresh.insert(group.key(), std::move(group.value()));
        group = jobs.erase(group);
    }
    m_pipelines.upsert(newNodes(fresh, ofFresh), Sink{ *this, {} });
}

std::vector<RunsModel::NodePointer> RunsModel::newNodes(
    const QList<Pipeline> &pipelines, JobsByPipeline &jobs)
{
    QHash<PipelineId, PipelineNode *> nodes;
    std::vector<NodePointer> out;
    const auto nodeFor = [&](const PipelineId &id) -> PipelineNode & {
        PipelineNode *&node = nodes[id];
        if (node == nullptr) {
            out.push_back(std::make_unique<PipelineNode>());
            node = out.back().get();
            node->value.id = id;
        }
        return *node;
    };
    for (const Pipeline &pipeline : pipelines) {
        PipelineNode &node = nodeFor(pipeline.id);
        node.value = pipeline;
        node.isKnown = true;
    }
    for (auto group = jobs.cbegin(); group != jobs.cend(); ++group) {
        PipelineNode &node = nodeFor(group.key());
        node.jobs.fill({ group.value().begin(), group.value().end() });
        for (const Job &job : node.jobs) {
            m_pipelineOfJob.insert(job.id, job.pipelineId);
            learn(job);
        }
        node.derive();
    }
    return out;
}

void RunsModel::upsertJobs(PipelineNode &node, const QList<Job> &jobs)
{
    for (const Job &job : jobs) {
        m_pipelineOfJob.insert(job.id, node.value.id);
        learn(job);
    }
    node.jobs.upsert({ jobs.begin(), jobs.end() }, Sink{ *this, indexOf(node) });
    refreshStages(node);
}

void RunsModel::refreshStages(PipelineNode &node)
{
    if (!node.derive())
        return;
    const QModelIndex at = indexOf(node);
    Q_EMIT dataChanged(at, at.siblingAtColumn(ColumnCount - 1));
    if (node.jobs.size() > 0)
        Sink{ *this, at }.changed(0, node.jobs.size() - 1);
}

void RunsModel::learn(const Job &job)
{
    if (!(job.status == domain::CiStatus::Success) || !job.startedAt.isValid()
        || !job.finishedAt.isValid())
        return;
    Pass &pass = m_newestPass[job.name];
    if (pass.job < job.id || pass.job == job.id)
        pass = { job.id, job.startedAt.msecsTo(job.finishedAt) };
}

void RunsModel::applyStacks(const stacks::StackDelta &delta)
{
    QList<domain::StackId> gone = delta.stacks.removed;
    if (delta.stacks.isSnapshot) {
        QSet<domain::StackId> present;
        for (const domain::Stack &stack : delta.stacks.added)
            present.insert(stack.id);
        for (auto entry = m_stackNames.cbegin(); entry != m_stackNames.cend(); ++entry) {
            if (!present.contains(entry.key()))
                gone.append(entry.key());
        }
    }
    for (const domain::StackId &id : gone) {
        m_stackNames.remove(id);
        if (const JobId job = m_jobOfStack.take(id);
            !job.isEmpty() && m_stackOfJob.value(job) == id) {
            m_stackOfJob.remove(job);
            jobRowChanged(job);
        }
    }
    for (const QList<domain::Stack> *list : { &delta.stacks.added, &delta.stacks.changed }) {
        for (const domain::Stack &stack : *list) {
            QString &name = m_stackNames[stack.id];
            if (name == stack.name)
                continue;
            name = stack.name;
            if (const JobId job = m_jobOfStack.value(stack.id); !job.isEmpty())
                jobRowChanged(job);
        }
    }
    for (const QList<domain::Container> *list :
        { &delta.containers.added, &delta.containers.changed }) {
        for (const domain::Container &container : *list) {
            const auto label = container.labels.constFind(QStringLiteral("faultline.job"));
            if (label != container.labels.cend() && !container.stackId.isEmpty())
                setStack(JobId(label->toLongLong()), container.stackId);
        }
    }
}

void RunsModel::setStack(const JobId &job, const domain::StackId &stack)
{
    if (job.isEmpty() || m_stackOfJob.value(job) == stack)
        return;
    m_stackOfJob.insert(job, stack);
    m_jobOfStack.insert(stack, job);
    jobRowChanged(job);
}

void RunsModel::setProgress(JobId id, double fraction)
{
    if (fraction < 0)
        m_progress.remove(id);
    else
        m_progress.insert(id, fraction);
    jobRowChanged(id);
}

void RunsModel::jobRowChanged(const JobId &id)
{
    if (const QModelIndex at = indexOf(id); at.isValid())
        Q_EMIT dataChanged(at, at.siblingAtColumn(ColumnCount - 1));
}

} // namespace faultline::models
