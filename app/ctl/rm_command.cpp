// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/rm_command.h"

#include "app/ctl/error_report.h"
#include "app/ctl/stack_lookup.h"
#include "app/ctl/stack_removal.h"
#include "app/ctl/text.h"

#include <CLI/CLI.hpp>
#include <QJsonArray>

#include <optional>

namespace faultline::ctl {

QString RmCommand::name() const
{
    return QStringLiteral("rm");
}

QString RmCommand::summary() const
{
    return Text::tr("Remove stacks with their services and containers");
}

QString RmCommand::examples() const
{
    return Text::tr("Examples:\n"
                    "  faultlinectl rm kv-crud-20260131120000-1a2b --wait\n"
                    "  faultlinectl rm one two --wait --ignore-missing\n"
                    "JSON: {\"removed\": [\"name\"]}");
}

void RmCommand::addOptions(CLI::App &app)
{
    app.add_option("STACK", m_names, "Names or ids of the stacks")->required();
    app.add_flag("--wait", m_wait, "Return when they are gone");
    app.add_flag("--ignore-missing", m_ignoreMissing, "A stack that does not exist is no error");
}

std::chrono::milliseconds RmCommand::usualTimeout() const
{
    return m_wait ? std::chrono::minutes(10) : std::chrono::minutes(1);
}

domain::Result<void> RmCommand::removeOne(Context &context, const QString &name)
{
    const auto stack = askStack(context, name);
    if (!stack)
        return domain::failure(stack.error());
    return removeStack(context, *stack, m_wait);
}

domain::Result<int> RmCommand::execute(Context &context)
{
    QJsonArray removed;
    std::optional<domain::Error> firstError;
    for (const std::string &bytes : m_names) {
        const QString name = QString::fromStdString(bytes);
        const auto result = removeOne(context, name);
        if (result) {
            removed += name;
            if (!m_wait && !context.isJson())
                context.print(Text::tr("%1  is being removed").arg(name) + u'\n');
        } else if (m_ignoreMissing && result.error().kind == domain::ErrorKind::NotFound) {
            context.remark(Text::tr("%1  does not exist").arg(name));
        } else if (firstError || m_names.size() > 1) {
            context.remark(errorReport(result.error()).trimmed());
            firstError = firstError.value_or(result.error());
        } else {
            return domain::failure(result.error());
        }
        if (context.token().isCancelled())
            break;
    }
    if (context.isJson())
        context.print(QJsonObject{ { QStringLiteral("removed"), removed } });
    return firstError ? domain::exitCodeFor(firstError->kind) : 0;
}

} // namespace faultline::ctl
