// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/rollback_command.h"

#include "app/ctl/act_note.h"
#include "app/ctl/text.h"
#include "app/ctl/upgrade_target.h"

#include <CLI/CLI.hpp>

namespace faultline::ctl {

QString RollbackCommand::name() const
{
    return QStringLiteral("rollback");
}

QString RollbackCommand::summary() const
{
    return Text::tr("Undo an upgrade that is not finished");
}

QString RollbackCommand::examples() const
{
    return Text::tr("Examples:\n"
                    "  faultlinectl rollback kv-crud --wait\n"
                    "  faultlinectl rollback kv-crud/etcd --wait\n"
                    "The old containers run again and the new ones are removed. An upgrade that is "
                    "finished can't be undone:\n"
                    "exit code 15.\n"
                    "JSON: the stack or service (see inspect)");
}

void RollbackCommand::addOptions(CLI::App &app)
{
    app.add_option("STACK[/SERVICE]", m_path, "The stack or service")->required();
    app.add_flag("--wait", m_wait, "Return when the old containers run");
}

std::chrono::milliseconds RollbackCommand::usualTimeout() const
{
    return m_wait ? std::chrono::minutes(10) : std::chrono::minutes(1);
}

domain::Result<int> RollbackCommand::execute(Context &context)
{
    auto target = UpgradeTarget::find(context, QString::fromStdString(m_path));
    if (!target)
        return domain::failure(target.error());
    noteAct(context, name(), target->id());
    auto step = target->run(context, stacks::StackAction::Rollback);
    if (step && m_wait)
        step = target->wait(
            context, target->untilRuns(), Text::tr("The rollback of \"%1\"").arg(target->name()));
    if (!step)
        return domain::failure(step.error());
    if (context.isJson())
        target->print(context);
    else if (!m_wait)
        context.print(Text::tr("%1  is being rolled back").arg(target->name()) + u'\n');
    return 0;
}

} // namespace faultline::ctl
