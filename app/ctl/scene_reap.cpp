// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/scene_command.h"

#include "app/ctl/error_report.h"
#include "app/ctl/scene_lookup.h"
#include "app/ctl/scene_warning.h"
#include "app/ctl/stack_removal.h"
#include "app/ctl/text.h"
#include "services/runs/dead_runs.h"
#include "services/runs/run_preparation.h"

#include <QJsonArray>

#include <algorithm>

namespace faultline::ctl {

namespace {

using scenes::Reaping;

QString nameOf(Reaping::What what)
{
    switch (what) {
    case Reaping::What::RemoveExpired:
        return QStringLiteral("removeExpired");
    case Reaping::What::RemoveOrphan:
        return QStringLiteral("removeOrphan");
    case Reaping::What::WarnOwner:
        return QStringLiteral("warnOwner");
    case Reaping::What::KeepOrphan:
        break;
    }
    return QStringLiteral("keepOrphan");
}

QString sentence(const Reaping &reaping)
{
    switch (reaping.what) {
    case Reaping::What::RemoveExpired:
        return Text::tr("%1  remove: %2").arg(reaping.stack, reaping.why);
    case Reaping::What::RemoveOrphan:
        return Text::tr("%1  remove what the run %2 left: %3")
            .arg(reaping.stack, reaping.run, reaping.why);
    case Reaping::What::WarnOwner:
        return Text::tr("%1  tell %2: %3")
            .arg(reaping.stack, reaping.scene.warnTo.join(QStringLiteral(", ")), reaping.why);
    case Reaping::What::KeepOrphan:
        break;
    }
    return Text::tr("%1  keep for %2 what the run %3 left: %4")
        .arg(reaping.stack, reaping.scene.team, reaping.run, reaping.why);
}

/// A job of the CI that this command knows; nothing when it has none, or the job is another's.
scenes::ReapingWitnesses witnessesOf(Context &context)
{
    scenes::ReapingWitnesses out;
    out.jobIsOver = [&context](const QString &job, const QString &url) -> std::optional<bool> {
        const auto found = context.askCi<domain::Job>(
            [id = job.toLongLong()](ci::CiBackend &backend, domain::Done<domain::Job> done) {
                return backend.job(domain::JobId(id), std::move(done));
            });
        // Numbers of jobs are unique on one server only.
        if (!found || (!url.isEmpty() && found->webUrl != url))
            return std::nullopt;
        return domain::isComplete(found->status.known());
    };
    return out;
}

domain::Result<QList<Reaping>> askPlan(Context &context, stacks::StackSnapshot &snapshot)
{
    auto asked = context.askStacks<stacks::StackSnapshot>(
        [](stacks::StackBackend &backend, auto done) { return backend.snapshot(std::move(done)); });
    if (!asked)
        return domain::failure(asked.error());
    snapshot = std::move(*asked);
    return scenes::planReaping(snapshot, QDateTime::currentDateTimeUtc(), witnessesOf(context));
}

/// Does one thing, if it is still due: somebody may have extended the scene meanwhile.
domain::Result<bool> reapOne(Context &context, const Reaping &wanted)
{
    stacks::StackSnapshot snapshot;
    const auto plan = askPlan(context, snapshot);
    if (!plan)
        return domain::failure(plan.error());
    const auto isIt = [&](const Reaping &row) {
        return row.stackId == wanted.stackId && row.what == wanted.what;
    };
    const auto due = std::find_if(plan->begin(), plan->end(), isIt);
    if (due == plan->end())
        return false;
    if (due->what == Reaping::What::WarnOwner) {
        const auto warned = warnOwner(context, due->scene, snapshot);
        return warned ? domain::Result<bool>(true) : domain::failure(warned.error());
    }
    if (due->what == Reaping::What::KeepOrphan) {
        const auto noted = noteScene(context, due->scene, snapshot.services);
        return noted ? domain::Result<bool>(true) : domain::failure(noted.error());
    }
    const auto stack = std::find_if(snapshot.stacks.begin(), snapshot.stacks.end(),
        [&](const domain::Stack &row) { return row.id == due->stackId; });
    if (stack == snapshot.stacks.end())
        return false;
    const auto removed = removeStack(context, *stack, true);
    return removed ? domain::Result<bool>(true) : domain::failure(removed.error());
}

/// Closes the bundles of this machine's dead runs whose stacks are gone or scenes by now; ids of
/// those runs.
domain::Result<QJsonArray> endDeadRuns(Context &context)
{
    QJsonArray out;
    const QString folder = runs::runRecordFolder(context.environment());
    const auto dead = folder.isEmpty() ? std::vector<runs::RunRecord>() : runs::deadRuns(folder);
    if (dead.empty())
        return out;
    const auto snapshot = context.askStacks<stacks::StackSnapshot>(
        [](stacks::StackBackend &backend, auto done) { return backend.snapshot(std::move(done)); });
    if (!snapshot)
        return domain::failure(snapshot.error());
    const QString server = context.connections().stacksUrl();
    for (const runs::RunRecord &record : dead) {
        const auto stack = std::find_if(
            snapshot->stacks.begin(), snapshot->stacks.end(), [&](const domain::Stack &row) {
                return row.name.toStdString() == record.stack && !domain::isGone(row.life);
            });
        const bool isGone = stack == snapshot->stacks.end();
        const bool isScene = !isGone && scenes::sceneOf(*stack, snapshot->services);
        if (QString::fromStdString(record.server) != server || (!isGone && !isScene))
            continue; // another server's, or its stack could not be removed
        const QString run = QString::fromStdString(record.run);
        const auto ended = runs::endDeadRun(folder, record, isGone);
        if (!ended)
            return domain::failure(ended.error());
        context.progress(Text::tr("run %1  verdict: infrastructure").arg(run));
        out += run;
    }
    return out;
}

} // namespace

domain::Result<int> SceneCommand::reap(Context &context)
{
    stacks::StackSnapshot snapshot;
    const auto plan = askPlan(context, snapshot);
    if (!plan)
        return domain::failure(plan.error());
    QJsonArray actions;
    std::optional<domain::Error> firstError;
    for (const Reaping &reaping : *plan) {
        context.progress(sentence(reaping));
        const auto done = m_dryRun ? domain::Result<bool>(false) : reapOne(context, reaping);
        QJsonObject row{ { QStringLiteral("what"), nameOf(reaping.what) },
            { QStringLiteral("stack"), reaping.stack }, { QStringLiteral("run"), reaping.run },
            { QStringLiteral("why"), reaping.why },
            { QStringLiteral("done"), done.value_or(false) } };
        if (!done) {
            context.remark(errorReport(done.error()).trimmed());
            row.insert(QStringLiteral("error"), done.error().message);
            firstError = firstError.value_or(done.error());
        }
        actions += row;
        if (context.token().isCancelled())
            break;
    }
    const auto ended = m_dryRun ? domain::Result<QJsonArray>(QJsonArray()) : endDeadRuns(context);
    if (!ended) {
        context.remark(errorReport(ended.error()).trimmed());
        firstError = firstError.value_or(ended.error());
    }
    if (context.isJson())
        context.print(QJsonObject{ { QStringLiteral("actions"), actions },
            { QStringLiteral("endedRuns"), ended.value_or(QJsonArray()) },
            { QStringLiteral("dryRun"), m_dryRun } });
    else if (actions.isEmpty() && ended.value_or(QJsonArray()).isEmpty())
        context.print(Text::tr("There is nothing to reap.") + u'\n');
    return firstError ? domain::exitCodeFor(firstError->kind) : 0;
}

} // namespace faultline::ctl
