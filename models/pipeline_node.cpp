// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/pipeline_node.h"

namespace faultline::models {

namespace {

// What a stage is called when its jobs differ: the first of this list that any of them has.
constexpr Verdict strongestFirst[]
    = { Verdict::Running, Verdict::Fail, Verdict::Infrastructure, Verdict::Unknown, Verdict::Queued,
          Verdict::Cancelled, Verdict::Manual, Verdict::Pass, Verdict::Skipped };

Verdict strongest(const VerdictCounts &counts)
{
    for (const Verdict verdict : strongestFirst) {
        if (counts[static_cast<std::size_t>(verdict)] > 0)
            return verdict;
    }
    return Verdict::Queued;
}

struct Stage
{
    QString name;
    VerdictCounts counts{};
};

VerdictCounts &countsOf(std::vector<Stage> &stages, const QString &name)
{
    for (Stage &stage : stages) {
        if (stage.name == name)
            return stage.counts;
    }
    stages.push_back({ name, {} });
    return stages.back().counts;
}

} // namespace

bool RunsModel::PipelineNode::derive()
{
    QHash<QString, domain::JobId> newest;
    for (const domain::Job &job : jobs)
        newest[job.name] = job.id; // ascending by id: the last one wins

    QSet<domain::JobId> freshSuperseded;
    VerdictCounts freshCounts{};
    std::vector<Stage> byStage;
    for (const domain::Job &job : jobs) {
        VerdictCounts &stage = countsOf(byStage, job.stage);
        if (newest.value(job.name) != job.id) {
            freshSuperseded.insert(job.id);
            continue;
        }
        const auto verdict = static_cast<std::size_t>(verdictOf(job.status, job.failureReason));
        ++stage[verdict];
        ++freshCounts[verdict];
    }
    QList<StageDot> freshStages;
    for (const Stage &stage : byStage)
        freshStages.append({ stage.name, strongest(stage.counts) });

    const bool same
        = freshStages == stages && freshSuperseded == superseded && freshCounts == counts;
    stages = std::move(freshStages);
    superseded = std::move(freshSuperseded);
    counts = freshCounts;
    return !same;
}

} // namespace faultline::models
