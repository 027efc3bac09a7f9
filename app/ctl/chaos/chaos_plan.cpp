// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/chaos/chaos_command.h"

#include "app/ctl/assignments.h"
#include "app/ctl/table.h"
#include "app/ctl/text.h"
#include "services/cases/case_files.h"
#include "services/cases/schema/quantities.h"

#include <CLI/CLI.hpp>
#include <QRandomGenerator>

namespace faultline::ctl {

namespace {

QString clockText(cases::milliseconds time)
{
    const auto seconds = time.count() / 1'000;
    return QStringLiteral("+%1:%2:%3.%4")
        .arg(seconds / 3'600, 2, 10, QLatin1Char('0'))
        .arg(seconds / 60 % 60, 2, 10, QLatin1Char('0'))
        .arg(seconds % 60, 2, 10, QLatin1Char('0'))
        .arg(time.count() % 1'000, 3, 10, QLatin1Char('0'));
}

QString targetText(const cases::PlannedFault &fault)
{
    QStringList members;
    for (const int member : fault.members)
        members += QStringLiteral("%1-%2").arg(text(fault.role)).arg(member);
    for (const std::string &name : fault.names)
        members += text(name);
    if (members.isEmpty())
        return Text::tr("%1 of %2 (known at run time)").arg(text(fault.pick), text(fault.role));
    return members.join(QLatin1Char(' '));
}

QString tableOf(const cases::Plan &plan)
{
    Table table({ Text::tr("AT"), Text::tr("FOR"), Text::tr("FAULT"), Text::tr("KIND"),
        Text::tr("TARGET"), Text::tr("PHASE") });
    for (const cases::PlannedFault &fault : plan.faults)
        table.add({ clockText(fault.at),
            fault.duration.count() > 0 ? text(cases::durationText(fault.duration)) : QString(),
            text(fault.id), text(fault.kind), targetText(fault), text(fault.phase) });
    return table.text();
}

} // namespace

domain::Result<cases::Plan> ChaosCommand::makePlan() const
{
    const auto set = parseAssignments(m_set, QStringLiteral("--set"));
    if (!set)
        return domain::failure(set.error());
    cases::ParameterValues chosen;
    for (auto it = set->begin(); it != set->end(); ++it)
        chosen[it.key().toStdString()] = it.value().toStdString();
    const auto item = cases::loadCase(text(m_case), chosen, QDate::currentDate());
    if (!item)
        return domain::failure(item.error());
    const auto given = m_seed ? m_seed : item->seed;
    const std::uint64_t seed = given ? *given : QRandomGenerator::global()->generate();
    return cases::makePlan(*item, seed, cases::roleScales(*item));
}

domain::Result<int> ChaosCommand::plan(Context &context)
{
    const auto made = makePlan();
    if (!made)
        return domain::failure(made.error());
    if (context.isJson()) {
        context.write(QByteArray::fromStdString(cases::planJson(*made)));
        return 0;
    }
    context.print(tableOf(*made));
    context.remark(Text::tr("seed %1: %2 faults in %3, %4 left out by the policy")
                       .arg(made->seed)
                       .arg(made->faults.size())
                       .arg(text(cases::durationText(made->duration)))
                       .arg(made->leftOut.size()));
    return 0;
}

} // namespace faultline::ctl
