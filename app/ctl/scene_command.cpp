// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/scene_command.h"

#include "app/ctl/duration_option.h"
#include "app/ctl/json_values.h"
#include "app/ctl/scene_lookup.h"
#include "app/ctl/stack_removal.h"
#include "app/ctl/table.h"
#include "app/ctl/text.h"
#include "services/cases/schema/quantities.h"
#include "services/scenes/container_json.h"
#include "services/scenes/scene_evidence.h"
#include "services/scenes/secret_mask.h"

#include <CLI/CLI.hpp>
#include <QJsonArray>

namespace faultline::ctl {

namespace {

QString lifeText(const scenes::Scene &scene, const QDateTime &now)
{
    if (!scene.expires.isValid())
        return Text::tr("never");
    if (scene.isExpired(now))
        return Text::tr("expired");
    const qint64 minutes = now.secsTo(scene.expires) / 60;
    return Text::tr("in %1").arg(
        text(cases::durationText(std::chrono::minutes(std::max<qint64>(minutes, 1)))));
}

QString ownerText(const scenes::Scene &scene)
{
    return scene.person.isEmpty() ? scene.team : scene.team + u'/' + scene.person;
}

} // namespace

QString SceneCommand::name() const
{
    return QStringLiteral("scene");
}

QString SceneCommand::summary() const
{
    return Text::tr("Stacks that were kept for a person: list, extend, hand over, release, reap");
}

QString SceneCommand::examples() const
{
    return Text::tr(
        "Examples:\n"
        "  faultlinectl scene list --owner storage\n"
        "  faultlinectl scene show etcd-crud-20260131120000-1a2b\n"
        "  faultlinectl scene extend etcd-crud-20260131120000-1a2b --by 4h\n"
        "  faultlinectl scene hand-over etcd-crud-20260131120000-1a2b --owner storage --person li\n"
        "  faultlinectl scene evidence etcd-crud-20260131120000-1a2b --file evidence.tar.gz\n"
        "  faultlinectl scene shell etcd-crud-20260131120000-1a2b/etcd-1\n"
        "  faultlinectl scene release etcd-crud-20260131120000-1a2b\n"
        "  faultlinectl scene reap --dry-run            # by a schedule, without --dry-run\n"
        "JSON: list {\"scenes\": [{stack, run, case, team, person, verdict, reason, kept, "
        "expires,\n"
        "      extendMaxSeconds, expired}]}; show, keep, extend and hand-over one such object, "
        "show "
        "with containers;\n"
        "      release {\"removed\": [name]}; evidence {file, bytes, containers, missing};\n"
        "      reap {\"actions\": [{what, stack, run, why, done, error}], endedRuns: [id], "
        "dryRun}");
}

CLI::App *SceneCommand::addVerb(CLI::App &app, const char *name, const char *help, Verb verb)
{
    CLI::App *out = app.add_subcommand(name, help);
    out->fallthrough();
    out->callback([this, verb] { m_verb = verb; });
    return out;
}

void SceneCommand::addOptions(CLI::App &app)
{
    const auto takesStack = [this](CLI::App *verb) {
        verb->add_option("STACK", m_stack, "Name or id of the stack")->required();
        return verb;
    };
    CLI::App *list = addVerb(app, "list", "All scenes", &SceneCommand::list);
    list->add_option("--owner", m_team, "Only those of this team");
    takesStack(addVerb(app, "show", "One scene and the ways in", &SceneCommand::show));
    CLI::App *keep
        = takesStack(addVerb(app, "keep", "Make any stack a scene", &SceneCommand::keep));
    keep->add_option("--owner", m_team, "Team")->required();
    keep->add_option("--person", m_person, "Who is to look");
    keep->add_option("--reason", m_reason, "Why it is kept");
    addDurationOption(*keep, "--ttl", m_time, "How long it lives; 24h without");
    CLI::App *extend
        = takesStack(addVerb(app, "extend", "Let it live longer", &SceneCommand::extend));
    addDurationOption(*extend, "--by", m_time, "4h, 30m")->required();
    CLI::App *handOver
        = takesStack(addVerb(app, "hand-over", "Make it somebody else's", &SceneCommand::handOver));
    handOver->add_option("--owner", m_team, "Team");
    handOver->add_option("--person", m_person, "Who is to look");
    CLI::App *release
        = takesStack(addVerb(app, "release", "Remove its stack", &SceneCommand::release));
    release->add_flag("--no-wait", m_noWait, "Return before it is gone");
    CLI::App *evidence = takesStack(
        addVerb(app, "evidence", "Save logs and states of any stack", &SceneCommand::evidence));
    evidence->add_option("--file", m_file, "tar.gz to write; without, STACK-evidence.tar.gz");
    evidence->add_option("--path", m_paths, "File or folder to take out of every container, too");
    evidence->add_flag("--cores", m_wantsCores, "Core files, too");
    CLI::App *reap = addVerb(
        app, "reap", "Remove expired scenes, and stacks whose run has died", &SceneCommand::reap);
    reap->add_flag("--dry-run", m_dryRun, "Only tell what would be done");
    CLI::App *shell
        = addVerb(app, "shell", "A terminal in one of its containers", &SceneCommand::shell);
    shell->add_option("SCENE", m_stack, "STACK, or STACK/CONTAINER")->required();
    shell->add_option("COMMAND", m_command, "Instead of a shell, after --");
    shell->add_option("--record", m_file, "asciicast to write; without, STACK-TIME.cast");
    shell->add_flag("--no-record", m_noRecord, "Don't record what the terminal shows");
    app.require_subcommand(1);
}

std::chrono::milliseconds SceneCommand::usualTimeout() const
{
    return m_verb == &SceneCommand::shell ? std::chrono::minutes(24 * 60 * 7)
                                          : std::chrono::minutes(10);
}

domain::Result<int> SceneCommand::execute(Context &context)
{
    return (this->*m_verb)(context);
}

domain::Result<int> SceneCommand::list(Context &context)
{
    const auto snapshot = context.askStacks<stacks::StackSnapshot>(
        [](stacks::StackBackend &backend, auto done) { return backend.snapshot(std::move(done)); });
    if (!snapshot)
        return domain::failure(snapshot.error());
    const QDateTime now = QDateTime::currentDateTimeUtc();
    QJsonArray array;
    Table table({ Text::tr("STACK"), Text::tr("CASE"), Text::tr("OWNER"), Text::tr("VERDICT"),
        Text::tr("EXPIRES"), Text::tr("REASON") });
    for (const scenes::Scene &scene : scenes::scenesOf(*snapshot)) {
        if (!m_team.empty() && scene.team != text(m_team))
            continue;
        array += toJson(scene);
        table.add({ scene.stack, scene.caseName, ownerText(scene), scene.verdict,
            lifeText(scene, now), scene.reason });
    }
    if (context.isJson())
        context.print(QJsonObject{ { QStringLiteral("scenes"), array } });
    else if (table.isEmpty())
        context.print(Text::tr("There is no scene.") + u'\n');
    else
        context.print(table.text());
    return 0;
}

domain::Result<int> SceneCommand::show(Context &context)
{
    const auto found = askScene(context, text(m_stack));
    if (!found)
        return domain::failure(found.error());
    const StackBook book(found->snapshot);
    QJsonObject json = toJson(found->scene);
    QJsonArray containers;
    QString ways;
    for (const domain::Container &container : book.containersOf(found->stack.id)) {
        const QString host = book.hostName(container.hostId);
        containers += ctl::toJson(container, host);
        ways += QStringLiteral("  ") + scenes::wayInto(container, host) + u'\n';
    }
    json.insert(QStringLiteral("containers"), containers);
    if (context.isJson()) {
        context.print(json);
        return 0;
    }
    const scenes::Scene &scene = found->scene;
    context.print(
        Text::tr("%1\n  owner    %2\n  verdict  %3\n  reason   %4\n  kept     %5\n"
                 "  expires  %6 (%7)\n  run      %8 of %9\n")
            .arg(scene.stack, ownerText(scene), scene.verdict, scene.reason,
                scene.keptAt.toString(Qt::ISODate), scene.expires.toString(Qt::ISODate),
                lifeText(scene, QDateTime::currentDateTimeUtc()), scene.run, scene.caseName)
        + ways);
    return 0;
}

domain::Result<int> SceneCommand::keep(Context &context)
{
    const auto found = askStackWithAll(context, text(m_stack));
    if (!found)
        return domain::failure(found.error());
    const QDateTime now = QDateTime::currentDateTimeUtc();
    scenes::Scene scene
        = scenes::sceneOf(found->stack, found->snapshot.services).value_or(scenes::Scene());
    scene.stackId = found->stack.id;
    scene.stack = found->stack.name;
    for (const domain::Service &service : found->snapshot.services) {
        if (service.stackId != found->stack.id || !scene.run.isEmpty())
            continue;
        scene.run = service.labels.value(QStringLiteral("faultline.run"));
        scene.caseName = service.labels.value(QStringLiteral("faultline.case"));
    }
    scene.team = text(m_team);
    scene.person = text(m_person);
    scene.reason = m_reason.empty() ? scene.reason : text(m_reason);
    scene.keptAt = scene.keptAt.isValid() ? scene.keptAt : now;
    scene.changedAt = now;
    scene.expires
        = now.addMSecs(m_time.value_or(std::chrono::milliseconds(scenes::usualLife)).count());
    const auto noted = noteScene(context, scene, found->snapshot.services);
    if (!noted)
        return domain::failure(noted.error());
    if (context.isJson())
        context.print(toJson(scene));
    else
        context.print(Text::tr("%1  is kept for %2 until %3")
                          .arg(scene.stack, ownerText(scene), scene.expires.toString(Qt::ISODate))
            + u'\n');
    return 0;
}

domain::Result<int> SceneCommand::extend(Context &context)
{
    const auto found = askScene(context, text(m_stack));
    if (!found)
        return domain::failure(found.error());
    const auto scene = scenes::extended(found->scene, m_time.value_or(std::chrono::milliseconds(0)),
        QDateTime::currentDateTimeUtc());
    if (!scene)
        return domain::failure(scene.error());
    const auto noted = noteScene(context, *scene, found->snapshot.services);
    if (!noted)
        return domain::failure(noted.error());
    if (context.isJson())
        context.print(toJson(*scene));
    else
        context.print(
            Text::tr("%1  expires at %2").arg(scene->stack, scene->expires.toString(Qt::ISODate))
            + u'\n');
    return 0;
}

domain::Result<int> SceneCommand::handOver(Context &context)
{
    if (m_team.empty() && m_person.empty())
        return domain::failure(domain::ErrorKind::Invalid,
            Text::tr("To whom? Give --owner TEAM, --person NAME, or both."));
    const auto found = askScene(context, text(m_stack));
    if (!found)
        return domain::failure(found.error());
    const scenes::Scene scene = scenes::handedOver(
        found->scene, text(m_team), text(m_person), QDateTime::currentDateTimeUtc());
    const auto noted = noteScene(context, scene, found->snapshot.services);
    if (!noted)
        return domain::failure(noted.error());
    if (context.isJson())
        context.print(toJson(scene));
    else
        context.print(Text::tr("%1  belongs to %2").arg(scene.stack, ownerText(scene)) + u'\n');
    return 0;
}

domain::Result<int> SceneCommand::release(Context &context)
{
    const auto found = askScene(context, text(m_stack));
    if (!found)
        return domain::failure(found.error());
    const auto removed = removeStack(context, found->stack, !m_noWait);
    if (!removed)
        return domain::failure(removed.error());
    if (context.isJson())
        context.print(
            QJsonObject{ { QStringLiteral("removed"), QJsonArray{ found->stack.name } } });
    return 0;
}

domain::Result<int> SceneCommand::evidence(Context &context)
{
    const auto found = askStackWithAll(context, text(m_stack));
    if (!found)
        return domain::failure(found.error());
    const auto backend = context.connections().stacks();
    if (!backend)
        return domain::failure(backend.error());
    scenes::EvidenceOrder order;
    order.stack = found->stack;
    order.snapshot = found->snapshot;
    order.target
        = m_file.empty() ? found->stack.name + QStringLiteral("-evidence.tar.gz") : text(m_file);
    order.limit = context.remaining();
    order.token = context.token();
    for (const std::string &path : m_paths)
        order.paths += text(path);
    order.wantsCores = m_wantsCores;
    for (const QString &name : context.environment().keys()) {
        if (scenes::isSecretName(name.toStdString()))
            order.secrets.push_back(context.environment().value(name).toStdString());
    }
    const auto report = scenes::saveEvidence(**backend, order);
    if (!report)
        return domain::failure(report.error());
    for (const QString &sentence : report->missing)
        context.remark(sentence);
    if (context.isJson())
        context.print(QJsonObject{ { QStringLiteral("file"), report->path },
            { QStringLiteral("bytes"), report->bytes },
            { QStringLiteral("containers"), report->containers },
            { QStringLiteral("missing"), QJsonArray::fromStringList(report->missing) } });
    else
        context.print(Text::tr("%1  %2 bytes, %3 containers")
                          .arg(report->path)
                          .arg(report->bytes)
                          .arg(report->containers)
            + u'\n');
    return 0;
}

} // namespace faultline::ctl
