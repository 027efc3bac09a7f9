// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/scenes/reaping.h"

#include "services/cases/schema/quantities.h"
#include "services/scenes/text.h"

namespace faultline::scenes {

using std::chrono::milliseconds;

namespace {

constexpr QLatin1StringView runnerLabel("faultline.runner");
constexpr QLatin1StringView untilLabel("faultline.expires");

/// The labels of a run, from whichever of the stack's parts still has them.
QMap<QString, QString> labelsOf(const domain::Stack &stack, const stacks::StackSnapshot &snapshot)
{
    for (const domain::Service &service : snapshot.services) {
        if (service.stackId == stack.id && service.labels.contains(untilLabel))
            return service.labels;
    }
    for (const domain::Container &container : snapshot.containers) {
        if (container.stackId == stack.id && container.labels.contains(untilLabel))
            return container.labels;
    }
    return {};
}

/// Why the runner is dead; empty when it may live.
QString deathOf(
    const QMap<QString, QString> &labels, const QDateTime &now, const ReapingWitnesses &witnesses)
{
    switch (witnesses.runner(labels.value(runnerLabel))) {
    case domain::RunnerState::Lives:
        return {};
    case domain::RunnerState::Gone:
        return Text::tr("The process that ran it is gone.");
    case domain::RunnerState::OutOfSight:
        break;
    }
    const QString job = labels.value(QStringLiteral("faultline.job"));
    const QString url = labels.value(QStringLiteral("faultline.jobUrl"));
    if (!job.isEmpty() && witnesses.jobIsOver && witnesses.jobIsOver(job, url).value_or(false))
        return Text::tr("The CI job %1 that ran it has ended.").arg(job);
    const QDateTime until = QDateTime::fromString(labels.value(untilLabel), Qt::ISODate);
    if (until.isValid() && until < now)
        return Text::tr("It should have ended by %1.").arg(until.toUTC().toString(Qt::ISODate));
    return {};
}

/// How long the case keeps the stack of a run with that verdict, by the label "faultline.keeps"
/// ("fail=24h infrastructure=2h", or "always"); nothing when it does not.
std::optional<milliseconds> keptFor(const QString &label, const QString &verdict)
{
    if (label == QLatin1StringView("always"))
        return milliseconds(usualLife);
    for (const QString &rule : label.split(QLatin1Char(' '), Qt::SkipEmptyParts)) {
        const qsizetype mark = rule.indexOf(QLatin1Char('='));
        if (mark > 0 && rule.left(mark) == verdict)
            return cases::parseDuration(rule.mid(mark + 1).toStdString())
                .value_or(milliseconds(usualLife));
    }
    return std::nullopt;
}

std::optional<Reaping> orphan(const domain::Stack &stack, const stacks::StackSnapshot &snapshot,
    const QDateTime &now, const ReapingWitnesses &witnesses)
{
    const auto labels = labelsOf(stack, snapshot);
    const QString run = labels.value(QStringLiteral("faultline.run"));
    if (run.isEmpty())
        return std::nullopt;
    Reaping out;
    out.why = deathOf(labels, now, witnesses);
    if (out.why.isEmpty())
        return std::nullopt;
    out.what = Reaping::What::RemoveOrphan;
    out.stackId = stack.id;
    out.stack = stack.name;
    out.run = run;
    const QString verdict = QStringLiteral("infrastructure");
    const auto life = keptFor(labels.value(QStringLiteral("faultline.keeps")), verdict);
    if (!life)
        return out;
    out.what = Reaping::What::KeepOrphan;
    out.scene.stackId = stack.id;
    out.scene.stack = stack.name;
    out.scene.run = run;
    out.scene.caseName = labels.value(QStringLiteral("faultline.case"));
    out.scene.team = labels.value(QStringLiteral("faultline.owner"));
    out.scene.person = labels.value(QStringLiteral("faultline.person"));
    out.scene.verdict = verdict;
    out.scene.reason = out.why;
    out.scene.keptAt = now;
    out.scene.changedAt = now;
    out.scene.expires = now.addMSecs(life->count());
    return out;
}

} // namespace

domain::RunnerState runnerState(const QString &label)
{
    const auto runner = domain::RunnerIdentity::parse(label.toStdString());
    return runner ? domain::stateOf(*runner) : domain::RunnerState::OutOfSight;
}

QList<Reaping> planReaping(
    const stacks::StackSnapshot &snapshot, const QDateTime &now, const ReapingWitnesses &witnesses)
{
    QList<Reaping> out;
    for (const domain::Stack &stack : snapshot.stacks) {
        if (domain::isGone(stack.life) || stack.life.state == domain::State::Removing)
            continue;
        const auto scene = sceneOf(stack, snapshot.services);
        if (!scene) {
            if (auto found = orphan(stack, snapshot, now, witnesses))
                out += std::move(*found);
            continue;
        }
        if (scene->isWarningDue(now))
            out += Reaping{ Reaping::What::WarnOwner, stack.id, stack.name, scene->run,
                Text::tr("The scene expires at %1.").arg(scene->expires.toString(Qt::ISODate)),
                *scene };
        if (!scene->isExpired(now))
            continue;
        out += Reaping{ Reaping::What::RemoveExpired, stack.id, stack.name, scene->run,
            Text::tr("The scene expired at %1.").arg(scene->expires.toString(Qt::ISODate)),
            *scene };
    }
    return out;
}

} // namespace faultline::scenes
