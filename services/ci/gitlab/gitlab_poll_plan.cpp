// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/ci/gitlab/gitlab_poll_plan.h"

#include <algorithm>

namespace faultline::ci::gitlab {

bool needsWatching(const domain::Pipeline &pipeline)
{
    const domain::CiStatus status = pipeline.status.known();
    // A status that we don't know may be an active one.
    return domain::isActive(status) || status == domain::CiStatus::Created
        || status == domain::CiStatus::Unknown;
}

bool anyNeedsWatching(const Pipelines &known)
{
    return std::any_of(known.cbegin(), known.cend(), needsWatching);
}

std::chrono::milliseconds pollDelay(bool isActive, double random)
{
    const auto base
        = static_cast<double>((isActive ? activePollInterval : idlePollInterval).count());
    return std::chrono::milliseconds(static_cast<long long>(base * (0.8 + 0.4 * random)));
}

QDateTime updatedAfter(const Pipelines &known)
{
    constexpr qint64 overlapSeconds = 60;
    QDateTime newest;
    for (const domain::Pipeline &pipeline : known) {
        if (pipeline.updatedAt.isValid() && (!newest.isValid() || pipeline.updatedAt > newest))
            newest = pipeline.updatedAt;
    }
    return newest.isValid() ? newest.addSecs(-overlapSeconds) : QDateTime();
}

QList<domain::PipelineId> pipelinesToRead(
    const Pipelines &known, const QList<domain::Pipeline> &answer)
{
    QList<domain::PipelineId> out;
    QSet<domain::PipelineId> seen;
    for (const domain::Pipeline &pipeline : answer) {
        const auto before = known.constFind(pipeline.id);
        seen.insert(pipeline.id);
        if (before == known.cend() || !(before.value() == pipeline) || needsWatching(pipeline))
            out.append(pipeline.id);
    }
    for (const domain::Pipeline &pipeline : known) {
        if (!seen.contains(pipeline.id) && needsWatching(pipeline))
            out.append(pipeline.id);
    }
    std::sort(out.begin(), out.end(), [](auto a, auto b) { return b < a; });
    return out;
}

} // namespace faultline::ci::gitlab
