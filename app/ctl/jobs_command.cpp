// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/jobs_command.h"

#include "app/ctl/ci_json.h"
#include "app/ctl/json_values.h"
#include "app/ctl/table.h"
#include "app/ctl/text.h"

#include <CLI/CLI.hpp>

namespace faultline::ctl {

namespace {

QString durationText(const domain::Job &job)
{
    if (!job.startedAt.isValid())
        return {};
    const QDateTime end
        = job.finishedAt.isValid() ? job.finishedAt : QDateTime::currentDateTimeUtc();
    const qint64 seconds = std::max<qint64>(0, job.startedAt.secsTo(end));
    return QStringLiteral("%1:%2:%3")
        .arg(seconds / 3600)
        .arg(seconds / 60 % 60, 2, 10, QLatin1Char('0'))
        .arg(seconds % 60, 2, 10, QLatin1Char('0'));
}

} // namespace

QString JobsCommand::name() const
{
    return QStringLiteral("jobs");
}

QString JobsCommand::summary() const
{
    return Text::tr("List the jobs of a pipeline, or the project's newest");
}

QString JobsCommand::examples() const
{
    return Text::tr("Examples:\n"
                    "  faultlinectl jobs 42\n"
                    "  faultlinectl jobs 42 --status failed --output json\n"
                    "  faultlinectl jobs -n 50\n"
                    "Of a pipeline all jobs come, also those that were retried since.\n"
                    "JSON: {\"jobs\": [job, …]} (see trigger)");
}

void JobsCommand::addOptions(CLI::App &app)
{
    app.add_option("PIPELINE", m_pipeline, "Of this pipeline")->check(CLI::PositiveNumber);
    app.add_option("--status", m_status, "Only those: running, success, failed, manual, …");
    app.add_option("-n,--limit", m_limit, "Without a pipeline: look at so many, the newest first")
        ->check(CLI::PositiveNumber)
        ->capture_default_str();
}

domain::Result<int> JobsCommand::execute(Context &context)
{
    const auto jobs = context.askCi<QList<domain::Job>>(
        [id = domain::PipelineId(m_pipeline), limit = m_limit](ci::CiBackend &backend, auto done) {
            return id.isEmpty() ? backend.jobs(limit, std::move(done))
                                : backend.pipelineJobs(id, std::move(done));
        });
    if (!jobs)
        return domain::failure(jobs.error());
    Table table({ Text::tr("JOB"), Text::tr("STATUS"), Text::tr("STAGE"), Text::tr("NAME"),
        Text::tr("PIPELINE"), Text::tr("DURATION"), Text::tr("RUNNER"), Text::tr("REASON") });
    QJsonArray array;
    for (const domain::Job &job : *jobs) {
        if (!m_status.empty() && job.status.text() != QString::fromStdString(m_status))
            continue;
        array += toJson(job);
        table.add({ QString::number(job.id.value()), job.status.text(), job.stage, job.name,
            QString::number(job.pipelineId.value()), durationText(job), job.runnerName,
            job.failureReason });
    }
    if (context.isJson())
        context.print(QJsonObject{ { QStringLiteral("jobs"), array } });
    else
        context.print(table.isEmpty() ? Text::tr("No jobs.") + u'\n' : table.text());
    return 0;
}

} // namespace faultline::ctl
