// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/schedules_command.h"

#include "app/ctl/assignments.h"
#include "app/ctl/ci_json.h"
#include "app/ctl/ci_topic.h"
#include "app/ctl/table.h"

#include <CLI/CLI.hpp>
#include <QJsonDocument>

namespace faultline::ctl {

using ci::CiBackend;
using ci::CiSchedules;

namespace {

template <typename T>
domain::Result<T> ask(
    Context &context, std::function<net::Call(CiSchedules &, domain::Done<T>)> verb)
{
    return askTopic<T, CiSchedules>(context, &CiBackend::schedules, std::move(verb));
}

QString stateText(const domain::Schedule &schedule)
{
    return schedule.active ? Text::tr("on") : Text::tr("off");
}

QString jsonText(const QJsonValue &value)
{
    if (value.isString())
        return value.toString();
    return QString::fromUtf8(
        QJsonDocument(QJsonArray{ value }).toJson(QJsonDocument::Compact).mid(1).chopped(1));
}

void printOne(Context &context, const domain::Schedule &one)
{
    if (context.isJson()) {
        context.print(toJson(one));
        return;
    }
    QString text = Text::tr("%1  %2  %3\n  %4 (%5) on %6, next run %7, owner %8")
                       .arg(one.id.value())
                       .arg(stateText(one), one.description, one.cron, one.cronTimezone, one.ref,
                           timeText(one.nextRunAt), one.owner)
        + u'\n';
    for (const domain::CiVariable &variable : one.variables)
        text += QStringLiteral("  %1=%2\n").arg(variable.key, variable.value);
    for (auto it = one.inputs.cbegin(); it != one.inputs.cend(); ++it)
        text += Text::tr("  input %1=%2").arg(it.key(), jsonText(it.value())) + u'\n';
    if (!one.lastPipeline.isEmpty())
        text += Text::tr("  last pipeline %1  %2")
                    .arg(one.lastPipeline.value())
                    .arg(one.lastStatus.text())
            + u'\n';
    context.print(text);
}

} // namespace

QString SchedulesCommand::name() const
{
    return QStringLiteral("schedules");
}

QString SchedulesCommand::summary() const
{
    return Text::tr("Pipelines at fixed times: list, create, change, run now");
}

QString SchedulesCommand::examples() const
{
    return Text::tr(
        "Examples:\n"
        "  faultlinectl schedules list\n"
        "  faultlinectl schedules create --description Nightly --ref main --cron '0 2 * * *' \\\n"
        "      --zone Europe/Berlin --var FAULTLINE_SUITE=nightly\n"
        "  faultlinectl schedules change 3 --off\n"
        "  faultlinectl schedules change 3 --var FAULTLINE_SUITE=weekly --drop-var OLD\n"
        "  faultlinectl schedules play 3    (once a minute; the pipeline is created a little "
        "later)\n"
        "  faultlinectl schedules take 3    (its runs use your rights from then on)\n"
        "  faultlinectl schedules rm 3\n"
        "JSON: the schedule {id, description, ref, cron, timezone, active, nextRun, owner, inputs, "
        "variables, lastPipeline,\n"
        "      lastStatus}; list: {\"schedules\": [schedule without its variables, …]}");
}

CLI::App *SchedulesCommand::addAction(
    CLI::App &app, const char *name, const char *help, Action action)
{
    CLI::App *sub = app.add_subcommand(name, help);
    sub->fallthrough();
    sub->callback([this, action] { m_action = action; });
    return sub;
}

void SchedulesCommand::addFields(CLI::App &app)
{
    app.add_option("--description", m_description, "What it is for");
    app.add_option("--ref", m_ref, "Branch or tag");
    app.add_option("--cron", m_cron, "Minute, hour, day, month, weekday: '0 2 * * 1-5'");
    app.add_option("--zone", m_zone, "Time zone of the cron, e.g. Europe/Berlin; UTC");
    auto *on = app.add_flag("--on", m_on, "Let it run");
    app.add_flag("--off", m_off, "Keep it, but let it not run")->excludes(on);
    app.add_option("--var", m_variables, "NAME=VALUE for its pipelines; may be repeated");
    app.add_option("--input", m_inputs, "NAME=VALUE for the file's spec:inputs; may be repeated");
}

void SchedulesCommand::addOptions(CLI::App &app)
{
    addAction(app, "list", "All of the project", &SchedulesCommand::list);
    const auto withId = [this](CLI::App *sub) {
        sub->add_option("SCHEDULE", m_id, "The schedule's id")
            ->required()
            ->check(CLI::PositiveNumber);
        return sub;
    };
    withId(addAction(app, "show", "One, with its variables", &SchedulesCommand::show));
    CLI::App *create = addAction(app, "create", "A new one", &SchedulesCommand::create);
    addFields(*create);
    for (const char *needed : { "--description", "--ref", "--cron" })
        create->get_option(needed)->required();
    CLI::App *change = withId(addAction(app, "change", "Parts of one", &SchedulesCommand::change));
    addFields(*change);
    change->add_option("--drop-var", m_dropped, "Remove this variable; may be repeated");
    change->add_option("--drop-input", m_droppedInputs, "Remove this input; may be repeated");
    withId(addAction(app, "rm", "Remove one", &SchedulesCommand::remove));
    withId(addAction(app, "play", "Run one now", &SchedulesCommand::play));
    withId(addAction(app, "take", "Become its owner", &SchedulesCommand::take));
    app.require_subcommand(1);
}

domain::Result<int> SchedulesCommand::execute(Context &context)
{
    return (this->*m_action)(context);
}

domain::Result<ci::ScheduleSpec> SchedulesCommand::spec() const
{
    ci::ScheduleSpec out;
    const auto given = [](const std::string &text) {
        return text.empty() ? std::nullopt : std::optional(QString::fromStdString(text));
    };
    out.description = given(m_description);
    out.ref = given(m_ref);
    out.cron = given(m_cron);
    out.cronTimezone = given(m_zone);
    if (m_on || m_off)
        out.active = m_on;
    const auto inputs = parseInputs(m_inputs, QStringLiteral("--input"));
    if (!inputs)
        return domain::failure(inputs.error());
    out.inputs = *inputs;
    for (const std::string &name : m_droppedInputs)
        out.droppedInputs += QString::fromStdString(name);
    return out;
}

domain::Result<void> SchedulesCommand::setVariables(Context &context, domain::ScheduleId id) const
{
    const auto variables = parseAssignments(m_variables, QStringLiteral("--var"));
    if (!variables)
        return domain::failure(variables.error());
    for (auto it = variables->begin(); it != variables->end(); ++it) {
        const domain::CiVariable variable{ it.key(), it.value(), false };
        const auto set = ask<void>(context, [id, variable](CiSchedules &verbs, auto done) {
            return verbs.setVariable(id, variable, std::move(done));
        });
        if (!set)
            return set;
    }
    for (const std::string &key : m_dropped) {
        const auto dropped = ask<void>(
            context, [id, key = QString::fromStdString(key)](CiSchedules &verbs, auto done) {
                return verbs.removeVariable(id, key, std::move(done));
            });
        if (!dropped)
            return dropped;
    }
    return {};
}

domain::Result<int> SchedulesCommand::showIt(Context &context, domain::ScheduleId id) const
{
    const auto one = ask<domain::Schedule>(
        context, [id](CiSchedules &verbs, auto done) { return verbs.one(id, std::move(done)); });
    if (!one)
        return domain::failure(one.error());
    printOne(context, *one);
    return 0;
}

domain::Result<int> SchedulesCommand::list(Context &context) const
{
    const auto all = ask<QList<domain::Schedule>>(
        context, [](CiSchedules &verbs, auto done) { return verbs.list(std::move(done)); });
    if (!all)
        return domain::failure(all.error());
    if (context.isJson()) {
        QJsonArray array;
        for (const domain::Schedule &one : *all) {
            QJsonObject object = toJson(one);
            for (const char *missing : { "variables", "lastPipeline", "lastStatus" })
                object.remove(QLatin1StringView(missing));
            array += object;
        }
        context.print(QJsonObject{ { QStringLiteral("schedules"), array } });
        return 0;
    }
    Table table({ Text::tr("SCHEDULE"), Text::tr("STATE"), Text::tr("CRON"), Text::tr("ZONE"),
        Text::tr("REF"), Text::tr("NEXT RUN"), Text::tr("OWNER"), Text::tr("DESCRIPTION") });
    for (const domain::Schedule &one : *all)
        table.add({ QString::number(one.id.value()), stateText(one), one.cron, one.cronTimezone,
            one.ref, timeText(one.nextRunAt), one.owner, one.description });
    context.print(table.isEmpty() ? Text::tr("No schedules.") + u'\n' : table.text());
    return 0;
}

domain::Result<int> SchedulesCommand::show(Context &context) const
{
    return showIt(context, domain::ScheduleId(m_id));
}

domain::Result<int> SchedulesCommand::create(Context &context) const
{
    const auto wanted = spec();
    if (!wanted)
        return domain::failure(wanted.error());
    const auto made
        = ask<domain::Schedule>(context, [spec = *wanted](CiSchedules &verbs, auto done) {
              return verbs.create(spec, std::move(done));
          });
    if (!made)
        return domain::failure(made.error());
    if (const auto set = setVariables(context, made->id); !set) {
        context.remark(Text::tr("The schedule %1 exists, but not all of its variables.")
                           .arg(made->id.value()));
        return domain::failure(set.error());
    }
    return showIt(context, made->id);
}

domain::Result<int> SchedulesCommand::change(Context &context) const
{
    const domain::ScheduleId id(m_id);
    const auto wanted = spec();
    if (!wanted)
        return domain::failure(wanted.error());
    const bool hasFields = wanted->description || wanted->ref || wanted->cron
        || wanted->cronTimezone || wanted->active || !wanted->inputs.isEmpty()
        || !wanted->droppedInputs.isEmpty();
    if (hasFields) {
        const auto changed
            = ask<domain::Schedule>(context, [id, wanted = *wanted](CiSchedules &verbs, auto done) {
                  return verbs.change(id, wanted, std::move(done));
              });
        if (!changed)
            return domain::failure(changed.error());
    }
    if (const auto set = setVariables(context, id); !set)
        return domain::failure(set.error());
    return showIt(context, id);
}

domain::Result<int> SchedulesCommand::remove(Context &context) const
{
    const auto removed
        = ask<void>(context, [id = domain::ScheduleId(m_id)](CiSchedules &verbs, auto done) {
              return verbs.remove(id, std::move(done));
          });
    if (!removed)
        return domain::failure(removed.error());
    if (context.isJson())
        context.print(QJsonObject{ { QStringLiteral("deleted"), m_id } });
    else
        context.print(Text::tr("schedule %1  deleted").arg(m_id) + u'\n');
    return 0;
}

domain::Result<int> SchedulesCommand::play(Context &context) const
{
    const auto played
        = ask<void>(context, [id = domain::ScheduleId(m_id)](CiSchedules &verbs, auto done) {
              return verbs.play(id, std::move(done));
          });
    if (!played)
        return domain::failure(played.error());
    if (context.isJson())
        context.print(QJsonObject{ { QStringLiteral("played"), m_id } });
    else
        context.print(Text::tr("schedule %1  runs now").arg(m_id) + u'\n');
    return 0;
}

domain::Result<int> SchedulesCommand::take(Context &context) const
{
    const auto taken = ask<domain::Schedule>(
        context, [id = domain::ScheduleId(m_id)](CiSchedules &verbs, auto done) {
            return verbs.takeOwnership(id, std::move(done));
        });
    if (!taken)
        return domain::failure(taken.error());
    printOne(context, *taken);
    return 0;
}

} // namespace faultline::ctl
