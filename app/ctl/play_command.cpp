// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/play_command.h"

#include "app/ctl/assignments.h"
#include "app/ctl/json_values.h"
#include "app/ctl/text.h"

#include <CLI/CLI.hpp>

namespace faultline::ctl {

QString PlayCommand::name() const
{
    return QStringLiteral("play");
}

QString PlayCommand::summary() const
{
    return Text::tr("Start a manual or delayed job");
}

QString PlayCommand::examples() const
{
    return Text::tr("Examples:\n"
                    "  faultlinectl play 1234\n"
                    "  faultlinectl play 1234 --var TARGET=rack-2\n"
                    "A job that waits for nobody can't be played: exit code 64, with the server's "
                    "words.\n"
                    "JSON: the job (see trigger)");
}

void PlayCommand::addOptions(CLI::App &app)
{
    app.add_option("JOB", m_job, "The job's id")->required()->check(CLI::PositiveNumber);
    app.add_option("--var", m_variables,
        "NAME=VALUE for the job; may be repeated. Visible to everyone who sees the "
        "job: never a secret");
}

domain::Result<int> PlayCommand::execute(Context &context)
{
    const auto variables = parseAssignments(m_variables, QStringLiteral("--var"));
    if (!variables)
        return domain::failure(variables.error());
    const auto job = context.askCi<domain::Job>(
        [id = domain::JobId(m_job), variables = *variables](ci::CiBackend &backend, auto done) {
            return backend.playJob(id, variables, std::move(done));
        });
    if (!job)
        return domain::failure(job.error());
    if (context.isJson())
        context.print(toJson(*job));
    else
        context.print(QStringLiteral("%1  %2  job %3\n")
                          .arg(job->name, job->status.text())
                          .arg(job->id.value()));
    return 0;
}

} // namespace faultline::ctl
