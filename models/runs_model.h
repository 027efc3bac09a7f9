// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/keyed_rows.h"
#include "models/run_row.h"
#include "services/ci/ci_backend.h"
#include "services/stacks/stack_backend.h"

#include <QAbstractItemModel>
#include <QHash>

#include <memory>

namespace faultline::models {

/// Runs as a tree of two levels: pipelines (newest first) over their jobs (in the order they were
/// made). Fed by ci::CiDelta, and by stacks::StackDelta for the stack that a job works on. UI
/// thread.
class RunsModel : public QAbstractItemModel
{
    Q_OBJECT

public:
    enum Column {
        VerdictColumn,
        CaseColumn,
        VersionsColumn,
        StagesColumn,
        TimeColumn,
        RunnerColumn,
        StackColumn,
        TriggerColumn,
        ColumnCount
    };
    enum Role {
        RunRowRole = Qt::UserRole + 1, ///< a RunRow, the same in every column
        VerdictRole, ///< Verdict as int; cheap, for filters
        SearchRole, ///< lower-case text of everything that a person would search for
    };

    explicit RunsModel(QObject *parent = nullptr);
    ~RunsModel() override;

    /// Takes over one batch by the smallest signals; a snapshot that shares no pipeline with what
    /// is shown resets.
    void apply(const ci::CiDelta &delta);
    /// Takes the join of jobs and stacks from the label `faultline.job` of containers.
    void applyStacks(const stacks::StackDelta &delta);
    /// What a running case says about itself, 0…1; negative forgets it.
    void setProgress(domain::JobId id, double fraction);

    /// Invalid when there is none.
    [[nodiscard]] QModelIndex indexOf(domain::JobId id) const;
    [[nodiscard]] QModelIndex indexOf(domain::PipelineId id) const;
    /// The value itself; null when there is none. Valid until the next apply().
    [[nodiscard]] const domain::Job *job(domain::JobId id) const;
    [[nodiscard]] const domain::Pipeline *pipeline(domain::PipelineId id) const;
    /// Empty before the row at `index` exists.
    [[nodiscard]] RunRow row(const QModelIndex &index) const;
    /// The job that works on a stack; empty when none was seen.
    [[nodiscard]] domain::JobId jobOfStack(const domain::StackId &id) const;
    /// All jobs, per verdict (superseded ones not counted).
    [[nodiscard]] VerdictCounts counts() const;
    [[nodiscard]] int jobCount() const { return static_cast<int>(m_pipelineOfJob.size()); }

    QModelIndex index(int row, int column, const QModelIndex &parent = {}) const override;
    QModelIndex parent(const QModelIndex &index) const override;
    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    struct JobTraits
    {
        static domain::JobId keyOf(const domain::Job &job) { return job.id; }
        static bool before(const domain::JobId &a, const domain::JobId &b) { return a < b; }
        static bool assign(domain::Job &job, domain::Job &&update);
    };
    using JobRows = KeyedRows<domain::Job, domain::JobId, JobTraits>;

    struct PipelineNode;
    using NodePointer = std::unique_ptr<PipelineNode>;
    struct PipelineTraits
    {
        static domain::PipelineId keyOf(const NodePointer &node);
        static bool before(const domain::PipelineId &a, const domain::PipelineId &b)
        {
            return b < a;
        }
        static bool assign(NodePointer &node, NodePointer &&update);
    };
    using PipelineRows = KeyedRows<NodePointer, domain::PipelineId, PipelineTraits>;
    using JobsByPipeline = QHash<domain::PipelineId, QList<domain::Job>>;
    struct Sink;

    PipelineNode *nodeOf(const domain::PipelineId &id) const;
    static PipelineNode *parentNode(const QModelIndex &jobIndex);
    QModelIndex indexOf(const PipelineNode &node) const;
    bool sharesPipeline(const ci::CiDelta &delta) const;
    void reset(const ci::CiDelta &delta);
    void removeAbsent(const ci::CiDelta &delta, const JobsByPipeline &jobs);
    void removeJobs(const QList<domain::JobId> &ids);
    void removePipelines(const QList<domain::PipelineId> &ids);
    void upsertPipelines(const QList<domain::Pipeline> &pipelines, JobsByPipeline &jobs);
    std::vector<NodePointer> newNodes(
        const QList<domain::Pipeline> &pipelines, JobsByPipeline &jobs);
    void upsertJobs(PipelineNode &node, const QList<domain::Job> &jobs);
    void forget(const PipelineNode &node);
    void learn(const domain::Job &job);
    void refreshStages(PipelineNode &node);
    void setStack(const domain::JobId &job, const domain::StackId &stack);
    void jobRowChanged(const domain::JobId &id);
    RunRow pipelineRow(const PipelineNode &node) const;
    RunRow jobRow(const PipelineNode &node, const domain::Job &job) const;
    static QString searchText(const RunRow &row);
    static QString displayText(const RunRow &row, int column);

    PipelineRows m_pipelines;
    QHash<domain::JobId, domain::PipelineId> m_pipelineOfJob;
    QHash<domain::JobId, domain::StackId> m_stackOfJob;
    QHash<domain::StackId, domain::JobId> m_jobOfStack;
    QHash<domain::StackId, QString> m_stackNames;
    QHash<domain::JobId, double> m_progress;
    struct Pass
    {
        domain::JobId job;
        qint64 ms = 0;
    };
    QHash<QString, Pass> m_newestPass; // by case name
};

} // namespace faultline::models
