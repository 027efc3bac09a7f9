// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/pipelines_command.h"

#include "app/ctl/ci_json.h"
#include "app/ctl/ci_topic.h"
#include "app/ctl/duration_option.h"
#include "app/ctl/json_values.h"
#include "app/ctl/table.h"
#include "services/ci/ci_pipelines.h"

#include <CLI/CLI.hpp>

namespace faultline::ctl {

using ci::CiBackend;
using ci::CiPipelines;

namespace {

QString testsText(const domain::TestCounts &counts)
{
    return Text::tr("%1 tests: %2 passed, %3 failed, %4 errors, %5 skipped")
        .arg(counts.total)
        .arg(counts.success)
        .arg(counts.failed)
        .arg(counts.error)
        .arg(counts.skipped);
}

template <typename T>
domain::Result<T> ask(Context &context, domain::PipelineId id,
    net::Call (CiPipelines::*verb)(domain::PipelineId, domain::Done<T>))
{
    return askTopic<T, CiPipelines>(
        context, &CiBackend::pipelineVerbs, [id, verb](CiPipelines &pipelines, auto done) {
            return (pipelines.*verb)(id, std::move(done));
        });
}

} // namespace

QString PipelinesCommand::name() const
{
    return QStringLiteral("pipelines");
}

QString PipelinesCommand::summary() const
{
    return Text::tr("List pipelines, or show one with its variables and tests");
}

QString PipelinesCommand::examples() const
{
    return Text::tr(
        "Examples:\n"
        "  faultlinectl pipelines --status failed --since 24h\n"
        "  faultlinectl pipelines --source schedule --ref main -n 5\n"
        "  faultlinectl pipelines 42\n"
        "  faultlinectl pipelines 42 --delete    (with its jobs, logs and artifacts)\n"
        "JSON: {\"pipelines\": [pipeline, …]} (see trigger); for one: {\"pipeline\", "
        "\"variables\": "
        "[{key, value, file}],\n"
        "      \"bridges\": [{id, name, stage, status, downstream, downstreamStatus}], \"tests\": "
        "{seconds, total, success,\n"
        "      failed, skipped, error, suites: [the same with name, suiteError]}}");
}

void PipelinesCommand::addOptions(CLI::App &app)
{
    app.add_option("PIPELINE", m_pipeline, "Show this one")->check(CLI::PositiveNumber);
    app.add_flag("--delete", m_remove, "Remove it for good")->needs("PIPELINE");
    app.add_option("--ref", m_ref, "Of this branch or tag");
    app.add_option("--status", m_status, "running, success, failed, canceled, …");
    app.add_option("--source", m_source, "schedule, trigger, api, push, web, …");
    app.add_option("--user", m_user, "Started by this user name");
    addDurationOption(app, "--since", m_since, "Changed within this time (24h)");
    app.add_option("-n,--limit", m_limit, "At most so many, the newest first")
        ->check(CLI::PositiveNumber)
        ->capture_default_str();
}

domain::Result<int> PipelinesCommand::execute(Context &context)
{
    if (m_pipeline == 0)
        return showAll(context);
    return m_remove ? remove(context) : showOne(context);
}

domain::Result<int> PipelinesCommand::showAll(Context &context) const
{
    ci::PipelineFilter filter;
    filter.ref = QString::fromStdString(m_ref);
    filter.status = QString::fromStdString(m_status);
    filter.source = QString::fromStdString(m_source);
    filter.userName = QString::fromStdString(m_user);
    if (m_since)
        filter.updatedAfter = QDateTime::currentDateTimeUtc().addMSecs(-m_since->count());
    const auto pipelines = askTopic<QList<domain::Pipeline>, CiPipelines>(context,
        &CiBackend::pipelineVerbs, [filter, limit = m_limit](CiPipelines &verbs, auto done) {
            return verbs.list(filter, limit, std::move(done));
        });
    if (!pipelines)
        return domain::failure(pipelines.error());
    if (context.isJson()) {
        context.print(QJsonObject{ { QStringLiteral("pipelines"), toJsonArray(*pipelines) } });
        return 0;
    }
    Table table({ Text::tr("PIPELINE"), Text::tr("STATUS"), Text::tr("REF"), Text::tr("COMMIT"),
        Text::tr("SOURCE"), Text::tr("CREATED"), Text::tr("NAME") });
    for (const domain::Pipeline &one : *pipelines)
        table.add({ QString::number(one.id.value()), one.status.text(), one.ref, one.sha.left(8),
            one.source, timeText(one.createdAt), one.name });
    context.print(table.isEmpty() ? Text::tr("No pipelines.") + u'\n' : table.text());
    return 0;
}

domain::Result<int> PipelinesCommand::showOne(Context &context) const
{
    const domain::PipelineId id(m_pipeline);
    const auto pipeline = context.askCi<domain::Pipeline>(
        [id](CiBackend &backend, auto done) { return backend.pipeline(id, std::move(done)); });
    if (!pipeline)
        return domain::failure(pipeline.error());
    const auto variables = ask<QList<domain::CiVariable>>(context, id, &CiPipelines::variables);
    if (!variables)
        return domain::failure(variables.error());
    const auto bridges = ask<QList<domain::Bridge>>(context, id, &CiPipelines::bridges);
    if (!bridges)
        return domain::failure(bridges.error());
    const auto tests = ask<domain::TestReport>(context, id, &CiPipelines::testSummary);
    if (!tests)
        return domain::failure(tests.error());
    if (context.isJson()) {
        context.print(QJsonObject{ { QStringLiteral("pipeline"), toJson(*pipeline) },
            { QStringLiteral("variables"), toJsonArray(*variables) },
            { QStringLiteral("bridges"), toJsonArray(*bridges) },
            { QStringLiteral("tests"), toJson(*tests) } });
        return 0;
    }
    QString text = QStringLiteral("%1  %2  %3 %4  %5\n%6\n")
                       .arg(id.value())
                       .arg(pipeline->status.text(), pipeline->ref, pipeline->sha.left(8),
                           pipeline->source, pipeline->webUrl);
    for (const domain::CiVariable &one : *variables)
        text += QStringLiteral("  %1=%2\n").arg(one.key, one.value);
    for (const domain::Bridge &one : *bridges)
        text += Text::tr("  %1 started pipeline %2  %3")
                    .arg(one.name)
                    .arg(one.downstream.value())
                    .arg(one.downstreamStatus.text())
            + u'\n';
    if (tests->counts.total > 0)
        text += QStringLiteral("  ") + testsText(tests->counts) + u'\n';
    context.print(text);
    return 0;
}

domain::Result<int> PipelinesCommand::remove(Context &context) const
{
    const auto removed = ask<void>(context, domain::PipelineId(m_pipeline), &CiPipelines::remove);
    if (!removed)
        return domain::failure(removed.error());
    if (context.isJson())
        context.print(QJsonObject{ { QStringLiteral("deleted"), m_pipeline } });
    else
        context.print(Text::tr("pipeline %1  deleted").arg(m_pipeline) + u'\n');
    return 0;
}

} // namespace faultline::ctl
