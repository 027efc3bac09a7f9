// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/trigger_command.h"

#include "app/ctl/assignments.h"
#include "app/ctl/json_values.h"
#include "app/ctl/pipeline_follow.h"
#include "app/ctl/text.h"

#include <CLI/CLI.hpp>
#include <QJsonArray>

namespace faultline::ctl {

QString TriggerCommand::name() const
{
    return QStringLiteral("trigger");
}

QString TriggerCommand::summary() const
{
    return Text::tr("Start cases: create a pipeline of the test repository");
}

QString TriggerCommand::examples() const
{
    return Text::tr(
        "Examples:\n"
        "  faultlinectl trigger --case case-node-shutdown --wait\n"
        "  faultlinectl trigger --ref release-7.5 --suite nightly --var FAULTLINE_SET_duration=2h\n"
        "--case and --suite set the variables FAULTLINE_CASE and FAULTLINE_SUITE, which the "
        "repository's\n"
        ".gitlab-ci.yml selects its jobs by. With --wait the exit code is the pipeline's: 0 "
        "passed, 1 failed,\n"
        "4 canceled; Ctrl-C ends the waiting only (\"faultlinectl cancel PIPELINE\" ends the "
        "pipeline).\n"
        "JSON: {\"pipeline\": {id, number, ref, sha, source, status, created, updated, url}, "
        "\"jobs\": [{id, pipeline,\n"
        "       name, stage, ref, sha, status, failureReason, allowFailure, created, started, "
        "finished, runner,\n"
        "       url}]}; \"jobs\" is empty without --wait");
}

void TriggerCommand::addOptions(CLI::App &app)
{
    app.add_option("--ref", m_ref, "Branch or tag of the test repository")->capture_default_str();
    app.add_option("--var", m_variables,
        "NAME=VALUE for the jobs; may be repeated. Visible to everyone who sees the "
        "pipeline: never a secret");
    app.add_option("--input", m_inputs,
        "NAME=VALUE for the file's spec:inputs; may be repeated. 3, true and [\"a\"] keep their "
        "kind, \"3\" is a text");
    app.add_option("--case", m_case, "Run this case only");
    app.add_option("--suite", m_suite, "Run the cases of this suite");
    app.add_flag("--wait", m_wait, "Follow the jobs and exit by the pipeline's result");
}

std::chrono::milliseconds TriggerCommand::usualTimeout() const
{
    return m_wait ? std::chrono::hours(24) : std::chrono::minutes(1);
}

domain::Result<domain::PipelineRequest> TriggerCommand::request() const
{
    const auto variables = parseAssignments(m_variables, QStringLiteral("--var"));
    if (!variables)
        return domain::failure(variables.error());
    const auto inputs = parseInputs(m_inputs, QStringLiteral("--input"));
    if (!inputs)
        return domain::failure(inputs.error());
    domain::PipelineRequest out{ QString::fromStdString(m_ref), *variables, *inputs };
    if (!m_case.empty())
        out.variables.insert(QStringLiteral("FAULTLINE_CASE"), QString::fromStdString(m_case));
    if (!m_suite.empty())
        out.variables.insert(QStringLiteral("FAULTLINE_SUITE"), QString::fromStdString(m_suite));
    return out;
}

domain::Result<int> TriggerCommand::execute(Context &context)
{
    const auto wanted = request();
    if (!wanted)
        return domain::failure(wanted.error());
    const auto token = context.connections().triggerToken();
    if (!token)
        return domain::failure(token.error());
    const auto pipeline = context.askCi<domain::Pipeline>(
        [wanted = *wanted, token = *token](ci::CiBackend &backend, auto done) {
            return token.isEmpty() ? backend.createPipeline(wanted, std::move(done))
                                   : backend.triggerPipeline(wanted, token, std::move(done));
        });
    if (!pipeline)
        return domain::failure(pipeline.error());

    context.progress(Text::tr("pipeline %1  %2  %3")
                         .arg(pipeline->id.value())
                         .arg(pipeline->status.text(), pipeline->webUrl));
    PipelineOutcome outcome{ *pipeline, {} };
    if (m_wait) {
        auto followed = followPipeline(context, *pipeline);
        if (!followed)
            return domain::failure(followed.error());
        outcome = std::move(*followed);
        context.progress(Text::tr("pipeline %1  %2")
                             .arg(outcome.pipeline.id.value())
                             .arg(outcome.pipeline.status.text()));
    }
    if (context.isJson()) {
        QJsonArray jobs;
        for (const domain::Job &job : outcome.jobs)
            jobs += toJson(job);
        context.print(QJsonObject{ { QStringLiteral("pipeline"), toJson(outcome.pipeline) },
            { QStringLiteral("jobs"), jobs } });
    }
    return m_wait ? exitCodeFor(outcome.pipeline) : 0;
}

} // namespace faultline::ctl
