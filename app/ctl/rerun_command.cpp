// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/rerun_command.h"

#include "app/ctl/json_values.h"
#include "app/ctl/text.h"

#include <CLI/CLI.hpp>

namespace faultline::ctl {

RerunCommand::RerunCommand(Verb verb)
    : m_verb(verb)
{
}

QString RerunCommand::name() const
{
    return m_verb == Verb::Cancel ? QStringLiteral("cancel") : QStringLiteral("retry");
}

QString RerunCommand::summary() const
{
    return m_verb == Verb::Cancel ? Text::tr("Cancel a pipeline or a job")
                                  : Text::tr("Run the failed and canceled jobs again, or one job");
}

QString RerunCommand::examples() const
{
    return Text::tr("Examples:\n"
                    "  faultlinectl %1 42\n"
                    "  faultlinectl %1 --job 1234\n"
                    "JSON: the pipeline or the job (see trigger)")
        .arg(name());
}

void RerunCommand::addOptions(CLI::App &app)
{
    auto *pipeline
        = app.add_option("PIPELINE", m_pipeline, "The pipeline's id")->check(CLI::PositiveNumber);
    auto *job = app.add_option("--job", m_job, "A job's id")->check(CLI::PositiveNumber);
    pipeline->excludes(job);
    if (m_verb == Verb::Cancel)
        app.add_flag(
               "--force", m_force, "End a job that is \"canceling\" without waiting for its runner")
            ->needs(job);
}

domain::Result<int> RerunCommand::execute(Context &context)
{
    if (m_pipeline == 0 && m_job == 0)
        return domain::failure(
            domain::ErrorKind::Invalid, Text::tr("Name a pipeline's id, or a job's with --job."));
    return m_job != 0 ? runOnJob(context) : runOnPipeline(context);
}

domain::Result<int> RerunCommand::runOnPipeline(Context &context)
{
    const auto answer = context.askCi<domain::Pipeline>(
        [id = domain::PipelineId(m_pipeline), verb = m_verb](ci::CiBackend &backend, auto done) {
            return verb == Verb::Cancel ? backend.cancelPipeline(id, std::move(done))
                                        : backend.retryPipeline(id, std::move(done));
        });
    if (!answer)
        return domain::failure(answer.error());
    if (context.isJson())
        context.print(toJson(*answer));
    else
        context.print(
            Text::tr("pipeline %1  %2").arg(answer->id.value()).arg(answer->status.text()) + u'\n');
    return 0;
}

domain::Result<int> RerunCommand::runOnJob(Context &context)
{
    const auto answer
        = context.askCi<domain::Job>([id = domain::JobId(m_job), verb = m_verb, force = m_force](
                                         ci::CiBackend &backend, auto done) {
              if (force)
                  return backend.forceCancelJob(id, std::move(done));
              return verb == Verb::Cancel ? backend.cancelJob(id, std::move(done))
                                          : backend.retryJob(id, std::move(done));
          });
    if (!answer)
        return domain::failure(answer.error());
    if (context.isJson())
        context.print(toJson(*answer));
    else
        context.print(QStringLiteral("%1  %2  job %3\n")
                          .arg(answer->name, answer->status.text())
                          .arg(answer->id.value()));
    return 0;
}

} // namespace faultline::ctl
