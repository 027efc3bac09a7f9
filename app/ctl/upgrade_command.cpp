// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/upgrade_command.h"

#include "app/ctl/act_note.h"
#include "app/ctl/assignments.h"
#include "app/ctl/compose_file.h"
#include "app/ctl/duration_option.h"
#include "app/ctl/run_labels.h"
#include "app/ctl/text.h"
#include "services/stacks/compose_labels.h"

#include <CLI/CLI.hpp>

namespace faultline::ctl {

using domain::ErrorKind;

QString UpgradeCommand::name() const
{
    return QStringLiteral("upgrade");
}

QString UpgradeCommand::summary() const
{
    return Text::tr("Replace the containers of a stack or service by newer ones");
}

QString UpgradeCommand::examples() const
{
    return Text::tr(
        "Examples:\n"
        "  faultlinectl upgrade kv-crud -f docker-compose.yml --wait\n"
        "  faultlinectl upgrade kv-crud/etcd --image faultline/etcd:3.5 --start-first --finish\n"
        "  faultlinectl upgrade kv-crud --finish\n"
        "  faultlinectl upgrade kv-crud --cancel\n"
        "The old containers stay, stopped, until the upgrade is finished (--finish, at once or "
        "later) or undone\n"
        "(\"faultlinectl rollback\"). --cancel stops one that is under way, for a rollback. Scales "
        "stay as they are. With --wait or --finish a failure "
        "ends with the server's\n"
        "reason and exit code 17; nothing is undone by itself.\n"
        "JSON: the stack or service (see inspect)");
}

void UpgradeCommand::addOptions(CLI::App &app)
{
    app.add_option("STACK[/SERVICE]", m_path, "The stack or service")->required();
    app.add_option("-f,--file", m_composeFile, "Stack: its new docker-compose.yml");
    app.add_option("--rancher-file", m_rancherFile, "Stack: its new rancher-compose.yml");
    app.add_option(
        "--env", m_environment, "Stack: NAME=VALUE for ${NAME} in the files; may be repeated");
    app.add_option("--label", m_labels,
        "Stack: NAME=VALUE, a further label of every container; may be repeated");
    app.add_option("--image", m_image, "Service: its new image");
    app.add_flag("--same", m_isSame, "Service: new containers of the same image");
    app.add_option("--batch-size", m_batchSize, "Service: this many containers at a time")
        ->check(CLI::PositiveNumber)
        ->capture_default_str();
    addDurationOption(app, "--interval", m_interval, "Service: time between batches (2s)");
    app.add_flag("--start-first", m_startFirst, "Service: new ones run before old ones stop");
    app.add_flag("--wait", m_wait, "Return when the new containers run");
    app.add_flag("--finish", m_finish,
        "Wait, then remove the old containers; alone: do that for an upgrade that has run");
    app.add_flag("--cancel", m_cancel, "Stop the upgrade that is under way, as far as it is")
        ->excludes("--finish", "--wait", "--file", "--image", "--same");
}

std::chrono::milliseconds UpgradeCommand::usualTimeout() const
{
    return m_wait || m_finish ? std::chrono::minutes(10) : std::chrono::minutes(1);
}

bool UpgradeCommand::asksForFinishOnly() const
{
    return m_finish && m_composeFile.empty() && m_image.empty() && !m_isSame;
}

domain::Result<void> UpgradeCommand::checkOptions(bool isService) const
{
    const bool hasStackOptions = !m_composeFile.empty() || !m_rancherFile.empty()
        || !m_environment.empty() || !m_labels.empty();
    const bool hasServiceOptions = !m_image.empty() || m_isSame || m_startFirst || m_interval;
    if (isService ? hasStackOptions : hasServiceOptions) {
        return domain::failure(ErrorKind::Invalid,
            isService ? Text::tr("Compose files are for a whole stack; a service takes --image.")
                      : Text::tr("--image, --same, --start-first and --interval are for a service "
                                 "(STACK/SERVICE)."));
    }
    if (asksForFinishOnly())
        return {};
    if (isService ? m_image.empty() && !m_isSame : m_composeFile.empty()) {
        return domain::failure(ErrorKind::Invalid,
            isService ? Text::tr("Say what is new: --image IMAGE, or --same for new containers of "
                                 "the same image.")
                      : Text::tr("Say what is new: -f docker-compose.yml."));
    }
    return {};
}

domain::Result<stacks::StackUpgradeSpec> UpgradeCommand::stackSpec(
    const Context &context, const QString &stack) const
{
    stacks::StackUpgradeSpec out;
    const auto variables = parseAssignments(m_environment, QStringLiteral("--env"));
    if (!variables)
        return domain::failure(variables.error());
    out.environment = *variables;
    auto labels = parseAssignments(m_labels, QStringLiteral("--label"));
    if (!labels)
        return domain::failure(labels.error());
    labels->insert(runLabels(stack, context.environment()));
    const QString path = QString::fromStdString(m_composeFile);
    const auto compose = readComposeFile(path);
    if (!compose)
        return domain::failure(compose.error());
    const auto labelled = stacks::withLabels(*compose, *labels, path);
    if (!labelled)
        return domain::failure(labelled.error());
    out.dockerCompose = *labelled;
    if (m_rancherFile.empty())
        return out;
    const auto rancher = readComposeFile(QString::fromStdString(m_rancherFile));
    if (!rancher)
        return domain::failure(rancher.error());
    out.rancherCompose = *rancher;
    return out;
}

stacks::ServiceUpgradeSpec UpgradeCommand::serviceSpec() const
{
    stacks::ServiceUpgradeSpec out;
    out.image = QString::fromStdString(m_image);
    out.batchSize = m_batchSize;
    out.interval = m_interval.value_or(out.interval);
    out.startFirst = m_startFirst;
    return out;
}

domain::Result<int> UpgradeCommand::cancel(Context &context, const UpgradeTarget &target)
{
    noteAct(context, QStringLiteral("upgrade --cancel"), target.id());
    if (const auto step = target.run(context, stacks::StackAction::CancelUpgrade); !step)
        return domain::failure(step.error());
    if (context.isJson())
        target.print(context);
    else
        context.print(Text::tr("%1  is no longer being upgraded; the rest is up to "
                               "\"faultlinectl rollback\"")
                          .arg(target.name())
            + u'\n');
    return 0;
}

domain::Result<void> UpgradeCommand::start(Context &context, const UpgradeTarget &target) const
{
    if (target.service) {
        const auto answer = context.askStacks<domain::Service>(
            [id = target.service->id, spec = serviceSpec()](stacks::StackBackend &backend,
                auto done) { return backend.upgradeService(id, spec, std::move(done)); });
        return answer ? domain::Result<void>() : domain::failure(answer.error());
    }
    const auto spec = stackSpec(context, target.stack.name);
    if (!spec)
        return domain::failure(spec.error());
    const auto answer = context.askStacks<domain::Stack>(
        [id = target.stack.id, spec = *spec](stacks::StackBackend &backend, auto done) {
            return backend.upgradeStack(id, spec, std::move(done));
        });
    return answer ? domain::Result<void>() : domain::failure(answer.error());
}

domain::Result<int> UpgradeCommand::execute(Context &context)
{
    auto target = UpgradeTarget::find(context, QString::fromStdString(m_path));
    if (!target)
        return domain::failure(target.error());
    if (m_cancel)
        return cancel(context, *target);
    if (const auto checked = checkOptions(target->service.has_value()); !checked)
        return domain::failure(checked.error());
    noteAct(context, name(), target->id());
    domain::Result<void> step;
    if (!asksForFinishOnly()) {
        step = start(context, *target);
        if (step && (m_wait || m_finish))
            step = target->wait(context, target->untilUpgraded(),
                Text::tr("The upgrade of \"%1\"").arg(target->name()));
    }
    if (step && m_finish) {
        step = target->run(context, stacks::StackAction::FinishUpgrade);
        if (step)
            step = target->wait(context, target->untilRuns(),
                Text::tr("The end of the upgrade of \"%1\"").arg(target->name()));
    }
    if (!step)
        return domain::failure(step.error());
    if (m_wait || m_finish) {
        if (context.isJson())
            target->print(context);
    } else if (context.isJson()) {
        target->print(context);
    } else {
        context.print(Text::tr("%1  is being upgraded").arg(target->name()) + u'\n');
    }
    return 0;
}

} // namespace faultline::ctl
