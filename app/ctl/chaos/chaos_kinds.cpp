// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/chaos/chaos_command.h"
#include "app/ctl/error_report.h"
#include "app/ctl/table.h"
#include "app/ctl/text.h"
#include "services/cases/schema/known_kinds.h"
#include "services/faults/machine_kinds.h"

#include <QJsonArray>

#include <algorithm>

namespace faultline::ctl {

namespace {

QString argumentsOf(const cases::FaultKind &kind)
{
    QStringList out;
    for (const cases::FaultArgument &argument : kind.arguments)
        out += text(std::string(argument.name))
            + (argument.isRequired ? QString() : QStringLiteral("?"));
    return out.join(u' ');
}

} // namespace

domain::Result<int> ChaosCommand::kinds(Context &context)
{
    const auto backend = context.connections().stacks();
    if (!backend)
        return domain::failure(backend.error());
    const auto told = faults::askKinds(**backend, {}, context.token());
    QList<faults::KindAbility> able = faults::orchestratorKinds();
    if (told)
        able += *told;
    QJsonArray rows;
    Table table({ Text::tr("KIND"), Text::tr("CAN"), Text::tr("HOW, OR WHY NOT"),
        Text::tr("ARGUMENTS (? = may be left out)") });
    for (const cases::FaultKind &kind : cases::faultKinds()) {
        const QString name = text(std::string(kind.name));
        const auto found = std::find_if(able.begin(), able.end(),
            [&](const faults::KindAbility &one) { return one.kind == name; });
        const bool isKnown = found != able.end();
        const bool can = isKnown && found->can;
        const QString mechanism = isKnown ? found->mechanism : QString();
        const QString reason = isKnown ? found->reason
            : told                     ? Text::tr("not built yet")
                                       : Text::tr("not known: the agent gave no answer");
        rows += QJsonObject{ { QStringLiteral("kind"), name }, { QStringLiteral("can"), can },
            { QStringLiteral("mechanism"), mechanism }, { QStringLiteral("reason"), reason },
            { QStringLiteral("arguments"), argumentsOf(kind) } };
        table.add({ name, can ? Text::tr("yes") : Text::tr("no"), can ? mechanism : reason,
            argumentsOf(kind) });
    }
    if (context.isJson())
        context.print(QJsonObject{ { QStringLiteral("kinds"), rows } });
    else
        context.print(table.text());
    if (!told)
        context.remark(errorReport(told.error()).trimmed());
    return told ? 0 : domain::exitCodeFor(told.error().kind);
}

} // namespace faultline::ctl
