// SPDX-License-Identifier: GPL-3.0-or-later
// What RunsModel answers to views: indexes, roles and texts.
#include "models/pipeline_node.h"
#include "models/runs_model.h"

namespace faultline::models {

using domain::Job;
using domain::JobId;
using domain::PipelineId;

RunsModel::PipelineNode *RunsModel::nodeOf(const PipelineId &id) const
{
    const int row = m_pipelines.indexOf(id);
    return row < 0 ? nullptr : m_pipelines.at(row).get();
}

RunsModel::PipelineNode *RunsModel::parentNode(const QModelIndex &jobIndex)
{
    return static_cast<PipelineNode *>(jobIndex.internalPointer());
}

QModelIndex RunsModel::indexOf(const PipelineNode &node) const
{
    return createIndex(m_pipelines.indexOf(node.value.id), 0, nullptr);
}

QModelIndex RunsModel::indexOf(PipelineId id) const
{
    const PipelineNode *node = nodeOf(id);
    return node == nullptr ? QModelIndex() : indexOf(*node);
}

QModelIndex RunsModel::indexOf(JobId id) const
{
    const auto pipelineId = m_pipelineOfJob.constFind(id);
    PipelineNode *node = pipelineId == m_pipelineOfJob.cend() ? nullptr : nodeOf(*pipelineId);
    const int row = node == nullptr ? -1 : node->jobs.indexOf(id);
    return row < 0 ? QModelIndex() : createIndex(row, 0, node);
}

const Job *RunsModel::job(JobId id) const
{
    const QModelIndex at = indexOf(id);
    return at.isValid() ? &parentNode(at)->jobs.at(at.row()) : nullptr;
}

const domain::Pipeline *RunsModel::pipeline(PipelineId id) const
{
    const PipelineNode *node = nodeOf(id);
    return node == nullptr || !node->isKnown ? nullptr : &node->value;
}

JobId RunsModel::jobOfStack(const domain::StackId &id) const
{
    return m_jobOfStack.value(id);
}

VerdictCounts RunsModel::counts() const
{
    VerdictCounts sum{};
    for (const NodePointer &node : m_pipelines) {
        for (std::size_t i = 0; i < sum.size(); ++i)
            sum[i] += node->counts[i];
    }
    return sum;
}

QModelIndex RunsModel::index(int row, int column, const QModelIndex &parent) const
{
    if (!hasIndex(row, column, parent))
        return {};
    return createIndex(
        row, column, parent.isValid() ? m_pipelines.at(parent.row()).get() : nullptr);
}

QModelIndex RunsModel::parent(const QModelIndex &index) const
{
    const PipelineNode *node = index.isValid() ? parentNode(index) : nullptr;
    return node == nullptr ? QModelIndex() : indexOf(*node);
}

int RunsModel::rowCount(const QModelIndex &parent) const
{
    if (!parent.isValid())
        return m_pipelines.size();
    const bool isPipeline = parentNode(parent) == nullptr && parent.column() == 0;
    return isPipeline ? m_pipelines.at(parent.row())->jobs.size() : 0;
}

int RunsModel::columnCount(const QModelIndex &) const
{
    return ColumnCount;
}

RunRow RunsModel::row(const QModelIndex &index) const
{
    if (!index.isValid())
        return {};
    const PipelineNode *node = parentNode(index);
    return node == nullptr ? pipelineRow(*m_pipelines.at(index.row()))
                           : jobRow(*node, node->jobs.at(index.row()));
}

RunRow RunsModel::pipelineRow(const PipelineNode &node) const
{
    RunRow row;
    row.kind = RunRow::Kind::Pipeline;
    row.pipelineId = node.value.id;
    row.pipelineNumber = node.value.number;
    row.verdict = verdictOf(node.value.status);
    row.verdictText = row.verdict == Verdict::Unknown && !node.value.status.text().isEmpty()
        ? node.value.status.text()
        : verdictWord(row.verdict);
    row.name = node.value.name;
    row.ref = node.value.ref;
    row.shortSha = node.value.sha.left(8);
    row.stages = node.stages;
    row.counts = node.counts;
    row.createdAt = node.value.createdAt;
    row.trigger = sourceWords(node.value.source);
    row.webUrl = node.value.webUrl;
    if (node.jobs.size() > 0) {
        const Job &last = node.jobs.at(node.jobs.size() - 1);
        row.commitTitle = last.commitTitle;
        if (!node.isKnown) {
            row.ref = last.ref;
            row.shortSha = last.sha.left(8);
        }
    }
    return row;
}

RunRow RunsModel::jobRow(const PipelineNode &node, const Job &job) const
{
    RunRow row;
    row.kind = RunRow::Kind::Job;
    row.pipelineId = job.pipelineId;
    row.jobId = job.id;
    row.pipelineNumber = node.value.number;
    row.verdict = verdictOf(job.status, job.failureReason);
    row.verdictText = row.verdict == Verdict::Unknown && !job.status.text().isEmpty()
        ? job.status.text()
        : verdictWord(row.verdict);
    if (job.status == domain::CiStatus::Canceling)
        row.verdictText = tr("stopping");
    row.name = job.name;
    row.stage = job.stage;
    row.ref = job.ref;
    row.shortSha = job.sha.left(8);
    row.stages = node.stages;
    for (int i = 0; i < static_cast<int>(row.stages.size()); ++i) {
        if (row.stages[i].name == job.stage) {
            row.stageIndex = i;
            row.stages[i].verdict = row.verdict;
        }
    }
    row.isSuperseded = node.superseded.contains(job.id);
    row.createdAt = job.createdAt;
    row.startedAt = job.startedAt;
    row.finishedAt = job.finishedAt;
    const auto pass = m_newestPass.constFind(job.name);
    row.expectedMs = pass == m_newestPass.cend() ? -1 : pass->ms;
    row.reportedProgress = m_progress.value(job.id, -1);
    row.runnerName = job.runnerName;
    row.stackId = m_stackOfJob.value(job.id);
    row.stackName = m_stackNames.value(row.stackId);
    const QString source = sourceWords(node.value.source);
    row.trigger = source.isEmpty() || job.userName.isEmpty()
        ? source + job.userName
        : QStringLiteral("%1 · %2").arg(source, job.userName);
    row.commitTitle = job.commitTitle;
    if (job.status == domain::CiStatus::Failed)
        row.failure = failureWords(job.failureReason);
    row.webUrl = job.webUrl;
    return row;
}

QVariant RunsModel::data(const QModelIndex &index, int role) const
{
    if (!index.isValid())
        return {};
    switch (role) {
    case Qt::DisplayRole:
        return displayText(row(index), index.column());
    case RunRowRole:
        return QVariant::fromValue(row(index));
    case VerdictRole: {
        const PipelineNode *node = parentNode(index);
        if (node == nullptr)
            return static_cast<int>(verdictOf(m_pipelines.at(index.row())->value.status));
        const Job &job = node->jobs.at(index.row());
        return static_cast<int>(verdictOf(job.status, job.failureReason));
    }
    case SearchRole:
        return searchText(row(index));
    default:
        return {};
    }
}

QString RunsModel::searchText(const RunRow &row)
{
    const QString pipeline = row.pipelineNumber == 0 ? QString::number(row.pipelineId.value())
                                                     : QString::number(row.pipelineNumber);
    const QString job = row.jobId.isEmpty() ? QString() : QString::number(row.jobId.value());
    return QStringList{ row.name, row.verdictText, row.ref, row.shortSha, row.stage, row.runnerName,
        row.stackName, row.trigger, row.commitTitle, row.failure, QLatin1Char('#') + pipeline, job }
        .join(QLatin1Char('\n'))
        .toLower();
}

QString RunsModel::displayText(const RunRow &row, int column)
{
    switch (column) {
    case VerdictColumn:
        return row.verdictText;
    case CaseColumn:
        return row.kind == RunRow::Kind::Job
            ? row.name
            : tr("Pipeline #%1")
                  .arg(row.pipelineNumber == 0 ? row.pipelineId.value() : row.pipelineNumber);
    case VersionsColumn:
        return row.shortSha.isEmpty() ? row.ref
                                      : QStringLiteral("%1@%2").arg(row.ref, row.shortSha);
    case StagesColumn:
        return row.stage;
    case RunnerColumn:
        return row.runnerName;
    case StackColumn:
        return row.stackName;
    case TriggerColumn:
        return row.trigger;
    default:
        return {};
    }
}

QVariant RunsModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    switch (section) {
    case VerdictColumn:
        return tr("Verdict");
    case CaseColumn:
        return tr("Case");
    case VersionsColumn:
        return tr("Versions");
    case StagesColumn:
        return tr("Stages");
    case TimeColumn:
        return tr("Time");
    case RunnerColumn:
        return tr("Runner");
    case StackColumn:
        return tr("Stack");
    case TriggerColumn:
        return tr("Trigger");
    default:
        return {};
    }
}

} // namespace faultline::models
