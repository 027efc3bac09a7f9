// SPDX-License-Identifier: GPL-3.0-or-later
// list, show, extend, stop and reap: faults that somebody injected.
#include "app/ctl/chaos/chaos_command.h"
#include "app/ctl/chaos/fault_text.h"
#include "app/ctl/table.h"
#include "app/ctl/text.h"
#include "services/faults/control_stream.h"

#include <QJsonArray>
#include <QJsonDocument>

#include <algorithm>

namespace faultline::ctl {

using namespace std::chrono_literals;
using domain::ErrorKind;
using faults::FaultState;
using faults::KnownFault;

namespace {

constexpr int mostShown = 500;
constexpr auto answerLimit = 15s;

tl::unexpected<domain::Error> noSuchFault(const QString &id)
{
    return domain::failure(ErrorKind::NotFound,
        Text::tr("There is no fault \"%1\" that is not over; \"faultlinectl chaos list --all\" "
                 "shows those that are.")
            .arg(id));
}

} // namespace

domain::Result<int> ChaosCommand::list(Context &context)
{
    const auto ledger = openLedger(context);
    if (!ledger)
        return domain::failure(ledger.error());
    const auto known = askFaults(context, **ledger);
    if (!known)
        return domain::failure(known.error());
    QList<faults::FaultRecord> rows;
    for (const KnownFault &fault : *known) {
        // The helper of one that is over is on its way out.
        if (!faults::isOver(fault.record.state) || fault.record.state == FaultState::Leaked)
            rows += fault.record;
    }
    if (m_all) {
        const auto older = (*ledger)->newest(mostShown);
        if (!older)
            return domain::failure(older.error());
        for (const faults::FaultRecord &record : *older) {
            const bool isListed = std::any_of(rows.begin(), rows.end(),
                [&](const faults::FaultRecord &row) { return row.id == record.id; });
            if (!isListed)
                rows += record;
        }
    }
    printFaults(context, rows);
    return 0;
}

domain::Result<int> ChaosCommand::show(Context &context)
{
    const QString id = text(m_ids.front());
    const auto ledger = openLedger(context);
    if (!ledger)
        return domain::failure(ledger.error());
    const auto row = (*ledger)->find(id);
    if (!row)
        return domain::failure(row.error());
    std::optional<faults::FaultRecord> record = *row;
    if (!record) {
        const auto known = askFaults(context, **ledger); // another machine's, perhaps
        if (!known)
            return domain::failure(known.error());
        for (const KnownFault &fault : *known) {
            if (fault.record.id == id)
                record = fault.record;
        }
    }
    if (!record)
        return noSuchFault(id);
    const auto changes = (*ledger)->changes(id);
    if (!changes)
        return domain::failure(changes.error());
    if (context.isJson()) {
        QJsonObject out = toJson(*record);
        QJsonArray rows;
        for (const faults::FaultChange &change : *changes)
            rows += QJsonObject{ { QStringLiteral("at"), change.at.toString(Qt::ISODateWithMs) },
                { QStringLiteral("uptime"), change.uptime },
                { QStringLiteral("state"), faults::nameOf(change.state) },
                { QStringLiteral("detail"), change.detail } };
        out.insert(QStringLiteral("changes"), rows);
        out.insert(QStringLiteral("spec"), QJsonDocument::fromJson(record->spec).object());
        context.print(out);
        return 0;
    }
    context.print(changeText(*record) + u'\n');
    context.print(Text::tr("Undo by hand: %1\n").arg(record->undo));
    Table table({ Text::tr("AT"), Text::tr("STATE"), Text::tr("DETAIL") });
    for (const faults::FaultChange &change : *changes)
        table.add(
            { change.at.toString(Qt::ISODateWithMs), faults::nameOf(change.state), change.detail });
    context.print(table.text());
    return 0;
}

domain::Result<int> ChaosCommand::extend(Context &context)
{
    const QString id = text(m_ids.front());
    if (!m_by)
        return domain::failure(ErrorKind::Invalid, Text::tr("Say how much longer: --by 60s."));
    const auto ledger = openLedger(context);
    if (!ledger)
        return domain::failure(ledger.error());
    const auto known = askFaults(context, **ledger);
    if (!known)
        return domain::failure(known.error());
    const auto fault = std::find_if(known->begin(), known->end(),
        [&](const KnownFault &one) { return one.record.id == id && one.helper; });
    if (fault == known->end() || faults::hasEnded(*fault->helper))
        return noSuchFault(id);
    const auto backend = context.connections().stacks();
    const double seconds = static_cast<double>(m_by->count()) / 1'000;
    faults::ControlStream stream(**backend, fault->helper->id);
    stream.send({ { QStringLiteral("extend"), seconds } });
    if (fault->record.isHeld) {
        const qint64 left = QDateTime::currentDateTimeUtc().msecsTo(fault->record.until);
        stream.send({ { QStringLiteral("hold"), static_cast<double>(left) / 1'000 + seconds } });
    }
    const auto news = stream.take(answerLimit, context.token());
    const auto *report = news ? std::get_if<faults::FaultReport>(&*news) : nullptr;
    if (report == nullptr || report->state != FaultState::InForce)
        return domain::failure(ErrorKind::Conflict,
            Text::tr("The agent of %1 did not confirm that it lasts longer.").arg(id));
    const QDateTime until = fault->record.until.addMSecs(m_by->count());
    if (const auto noted = (*ledger)->prolong(id, until, fault->record.isHeld); !noted)
        return domain::failure(noted.error());
    faults::FaultRecord record = fault->record;
    record.until = until;
    printFaults(context, { record });
    return 0;
}

domain::Result<int> ChaosCommand::undo(Context &context, const QList<KnownFault> &chosen,
    const std::function<QString(const KnownFault &)> &why) const
{
    const auto backend = context.connections().stacks();
    if (!backend)
        return domain::failure(backend.error());
    const auto ledger = openLedger(context);
    if (!ledger)
        return domain::failure(ledger.error());
    const auto done = faults::undoAll(
        **backend, **ledger, chosen, why, [&context](const faults::ReapedFault &one) {
            context.progress(changeText(one.record)
                + (one.why.isEmpty() ? QString() : QStringLiteral(" (") + one.why + u')'));
        });
    QList<faults::FaultRecord> records;
    bool hasLeaked = false;
    for (const faults::ReapedFault &one : done) {
        records += one.record;
        hasLeaked = hasLeaked || one.record.state == FaultState::Leaked;
    }
    if (context.isJson())
        printFaults(context, records);
    return hasLeaked ? domain::exitCodeFor(ErrorKind::Server) : 0;
}

domain::Result<int> ChaosCommand::stop(Context &context)
{
    if (m_all == !m_ids.empty())
        return domain::failure(
            ErrorKind::Invalid, Text::tr("Name the faults to stop, or say --all."));
    const auto ledger = openLedger(context);
    if (!ledger)
        return domain::failure(ledger.error());
    const auto known = askFaults(context, **ledger);
    if (!known)
        return domain::failure(known.error());
    QList<KnownFault> chosen;
    for (const KnownFault &fault : *known) {
        const bool isNamed
            = std::find(m_ids.begin(), m_ids.end(), fault.record.id.toStdString()) != m_ids.end();
        const bool isOfStack = m_stack.empty() || fault.record.origin.stack == text(m_stack);
        if (isNamed || (m_all && isOfStack))
            chosen += fault;
    }
    for (const std::string &id : m_ids) {
        const bool isKnown = std::any_of(chosen.begin(), chosen.end(),
            [&](const KnownFault &fault) { return fault.record.id.toStdString() == id; });
        if (!isKnown)
            return noSuchFault(text(id));
    }
    if (chosen.isEmpty() && !context.isJson())
        context.print(Text::tr("There is no fault.") + u'\n');
    return undo(context, chosen, [](const KnownFault &) { return Text::tr("asked to stop"); });
}

domain::Result<int> ChaosCommand::reap(Context &context)
{
    const auto ledger = openLedger(context);
    if (!ledger)
        return domain::failure(ledger.error());
    const auto known = askFaults(context, **ledger);
    if (!known)
        return domain::failure(known.error());
    const QDateTime now = QDateTime::currentDateTimeUtc();
    QList<KnownFault> overdue;
    QList<faults::FaultRecord> records;
    for (const KnownFault &fault : *known) {
        const auto why = faults::whyOverdue(fault, now);
        const bool isLitter = !fault.undoHelpers.isEmpty();
        if (!why && !isLitter)
            continue;
        overdue += fault;
        records += fault.record;
        if (m_dryRun && !context.isJson())
            context.print(
                Text::tr("%1 on %2: %3\n")
                    .arg(fault.record.id, fault.record.target.name, why.value_or(QString())));
    }
    if (m_dryRun) {
        if (context.isJson())
            printFaults(context, records);
        return 0;
    }
    if (overdue.isEmpty() && !context.isJson())
        context.print(Text::tr("There is nothing to reap.") + u'\n');
    return undo(context, overdue, [now](const KnownFault &fault) {
        return faults::whyOverdue(fault, now).value_or(QString());
    });
}

} // namespace faultline::ctl
