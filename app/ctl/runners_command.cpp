// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/runners_command.h"

#include "app/ctl/ci_json.h"
#include "app/ctl/ci_topic.h"
#include "app/ctl/json_values.h"
#include "app/ctl/table.h"
#include "services/ci/ci_runners.h"

#include <CLI/CLI.hpp>

namespace faultline::ctl {

using ci::CiBackend;
using ci::CiRunners;

namespace {

constexpr int newestJobs = 5;

} // namespace

QString RunnersCommand::name() const
{
    return QStringLiteral("runners");
}

QString RunnersCommand::summary() const
{
    return Text::tr("List the runners, show one, pause it");
}

QString RunnersCommand::examples() const
{
    return Text::tr(
        "Examples:\n"
        "  faultlinectl runners --status online\n"
        "  faultlinectl runners 7\n"
        "  faultlinectl runners 7 --pause    (it takes no further jobs; --resume)\n"
        "JSON: {\"runners\": [{id, description, status, paused, busy, type, version, "
        "tags, runsUntagged, maximumTimeout,\n"
        "      contacted}]}; for one: {\"runner\": {…}, \"jobs\": [job, …]}, its newest");
}

void RunnersCommand::addOptions(CLI::App &app)
{
    app.add_option("RUNNER", m_runner, "Show this one")->check(CLI::PositiveNumber);
    app.add_option("--status", m_status, "online, offline, stale, never_contacted");
    auto *pause = app.add_flag("--pause", m_pause, "Let it take no further jobs")->needs("RUNNER");
    app.add_flag("--resume", m_resume, "Let it take jobs again")->needs("RUNNER")->excludes(pause);
}

domain::Result<int> RunnersCommand::execute(Context &context)
{
    return m_runner == 0 ? showAll(context) : showOne(context);
}

domain::Result<int> RunnersCommand::showAll(Context &context) const
{
    const CiRunners::Filter filter{ QString::fromStdString(m_status), {} };
    const auto runners
        = askTopic<QList<domain::Runner>, CiRunners>(context, &CiBackend::runnerVerbs,
            [filter](CiRunners &verbs, auto done) { return verbs.list(filter, std::move(done)); });
    if (!runners)
        return domain::failure(runners.error());
    if (context.isJson()) {
        context.print(QJsonObject{ { QStringLiteral("runners"), toJsonArray(*runners) } });
        return 0;
    }
    Table table({ Text::tr("RUNNER"), Text::tr("STATUS"), Text::tr("WORK"), Text::tr("TYPE"),
        Text::tr("DESCRIPTION") });
    for (const domain::Runner &one : *runners)
        table.add({ QString::number(one.id.value()), one.paused ? Text::tr("paused") : one.status,
            one.isBusy ? Text::tr("busy") : Text::tr("idle"), one.type, one.description });
    context.print(table.isEmpty() ? Text::tr("No runners.") + u'\n' : table.text());
    return 0;
}

domain::Result<int> RunnersCommand::showOne(Context &context) const
{
    const domain::RunnerId id(m_runner);
    const auto runner = askTopic<domain::Runner, CiRunners>(context, &CiBackend::runnerVerbs,
        [id, pause = m_pause, change = m_pause || m_resume](CiRunners &verbs, auto done) {
            return change ? verbs.setPaused(id, pause, std::move(done))
                          : verbs.one(id, std::move(done));
        });
    if (!runner)
        return domain::failure(runner.error());
    const auto jobs = askTopic<QList<domain::Job>, CiRunners>(
        context, &CiBackend::runnerVerbs, [id](CiRunners &verbs, auto done) {
            return verbs.jobs(id, {}, newestJobs, std::move(done));
        });
    if (!jobs)
        return domain::failure(jobs.error());
    if (context.isJson()) {
        context.print(QJsonObject{ { QStringLiteral("runner"), toJson(*runner) },
            { QStringLiteral("jobs"), toJsonArray(*jobs) } });
        return 0;
    }
    QString text = Text::tr("%1  %2  %3  version %4, last contact %5, tags: %6")
                       .arg(runner->id.value())
                       .arg(runner->paused ? Text::tr("paused") : runner->status,
                           runner->description, runner->version, timeText(runner->contactedAt),
                           runner->tags.isEmpty() ? QStringLiteral("-")
                                                  : runner->tags.join(QStringLiteral(", ")))
        + u'\n';
    for (const domain::Job &job : *jobs)
        text += QStringLiteral("  job %1  %2  %3\n")
                    .arg(job.id.value())
                    .arg(job.status.text(), job.name);
    context.print(text);
    return 0;
}

} // namespace faultline::ctl
