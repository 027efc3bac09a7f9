// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/pipeline_follow.h"

#include "app/ctl/text.h"

#include <QHash>

#include <algorithm>

namespace faultline::ctl {

namespace {

using domain::CiStatus;

QString jobLine(const domain::Job &job)
{
    QString out
        = QStringLiteral("%1  %2  job %3").arg(job.name, job.status.text()).arg(job.id.value());
    if (!job.failureReason.isEmpty())
        out += QStringLiteral("  (%1)").arg(job.failureReason);
    return out;
}

bool mayPass(const domain::Error &error)
{
    return error.mayRetry || error.kind == domain::ErrorKind::Network;
}

} // namespace

domain::Result<PipelineOutcome> followPipeline(Context &context, domain::Pipeline pipeline)
{
    QHash<domain::JobId, QString> shown;
    PipelineOutcome outcome{ std::move(pipeline), {} };
    for (;;) {
        const domain::PipelineId id = outcome.pipeline.id;
        // The pipeline is asked first: if it is complete, the jobs asked after it are final too.
        const auto now = context.askCi<domain::Pipeline>([id](ci::CiBackend &backend, auto done) {
            return backend.pipeline(id, std::move(done));
        });
        if (!now && !mayPass(now.error()))
            return domain::failure(now.error());
        auto jobs = context.askCi<QList<domain::Job>>([id](ci::CiBackend &backend, auto done) {
            return backend.pipelineJobs(id, std::move(done));
        });
        if (!jobs && !mayPass(jobs.error()))
            return domain::failure(jobs.error());
        if (now && jobs) {
            outcome = { *now, std::move(*jobs) };
            std::sort(outcome.jobs.begin(), outcome.jobs.end(),
                [](const domain::Job &a, const domain::Job &b) { return a.id < b.id; });
            for (const domain::Job &job : outcome.jobs) {
                if (const QString line = jobLine(job); shown.value(job.id) != line) {
                    shown.insert(job.id, line);
                    context.progress(line);
                }
            }
            if (domain::isComplete(outcome.pipeline.status.known()))
                return outcome;
        }
        if (context.remaining() == std::chrono::milliseconds(0)) {
            return domain::failure(domain::ErrorKind::Timeout,
                Text::tr("The pipeline %1 is still %2.")
                    .arg(id.value())
                    .arg(outcome.pipeline.status.text()));
        }
        if (const auto paused = context.pause(context.pollInterval()); !paused)
            return domain::failure(paused.error());
    }
}

int exitCodeFor(const domain::Pipeline &pipeline)
{
    if (pipeline.status == CiStatus::Success)
        return 0;
    return pipeline.status == CiStatus::Canceled ? domain::exitCodeFor(domain::ErrorKind::Cancelled)
                                                 : 1;
}

} // namespace faultline::ctl
