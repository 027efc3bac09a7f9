// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/chaos/fault_text.h"

#include "app/ctl/table.h"
#include "app/ctl/text.h"

#include <QJsonArray>

namespace faultline::ctl {

namespace {

QJsonValue timeJson(const QDateTime &time)
{
    return time.isValid() ? QJsonValue(time.toUTC().toString(Qt::ISODateWithMs)) : QJsonValue();
}

double seconds(std::chrono::milliseconds time)
{
    return static_cast<double>(time.count()) / 1'000;
}

} // namespace

domain::Result<std::shared_ptr<faults::Ledger>> openLedger(Context &context)
{
    return faults::Ledger::open(
        faults::ledgerFile(context.environment().value(QStringLiteral("XDG_STATE_HOME")),
            context.environment().value(QStringLiteral("HOME"))));
}

domain::Result<QList<faults::KnownFault>> askFaults(Context &context, const faults::Ledger &ledger)
{
    const auto backend = context.connections().stacks();
    if (!backend)
        return domain::failure(backend.error());
    return faults::knownFaults(**backend, ledger, context.connections().stacksUrl());
}

QJsonObject toJson(const faults::FaultRecord &record)
{
    return { { QStringLiteral("id"), record.id }, { QStringLiteral("kind"), record.kind },
        { QStringLiteral("state"), faults::nameOf(record.state) },
        { QStringLiteral("stack"), record.origin.stack },
        { QStringLiteral("target"), record.target.name },
        { QStringLiteral("container"), record.target.id.value() },
        { QStringLiteral("host"), record.target.host.value() },
        { QStringLiteral("owner"), record.origin.owner },
        { QStringLiteral("run"), record.origin.run },
        { QStringLiteral("created"), timeJson(record.created) },
        { QStringLiteral("until"), timeJson(record.until) },
        { QStringLiteral("leaseSeconds"), seconds(record.lease) },
        { QStringLiteral("durationSeconds"), seconds(record.duration) },
        { QStringLiteral("held"), record.isHeld },
        { QStringLiteral("mechanism"), record.mechanism },
        { QStringLiteral("detail"), record.detail }, { QStringLiteral("undo"), record.undo },
        { QStringLiteral("measured"), record.measured } };
}

void printFaults(Context &context, const QList<faults::FaultRecord> &records)
{
    if (context.isJson()) {
        QJsonArray rows;
        for (const faults::FaultRecord &record : records)
            rows += toJson(record);
        context.print(QJsonObject{ { QStringLiteral("faults"), rows } });
        return;
    }
    if (records.isEmpty())
        return context.print(Text::tr("There is no fault.") + u'\n');
    Table table({ Text::tr("ID"), Text::tr("KIND"), Text::tr("TARGET"), Text::tr("STATE"),
        Text::tr("UNTIL"), Text::tr("OWNER"), Text::tr("DETAIL") });
    for (const faults::FaultRecord &record : records)
        table.add({ record.id, record.kind, record.target.name, faults::nameOf(record.state),
            record.until.toUTC().toString(QStringLiteral("hh:mm:ss")), record.origin.owner,
            record.detail.left(80) });
    context.print(table.text());
}

QString changeText(const faults::FaultRecord &record)
{
    QString out = QStringLiteral("%1  %2  %3 on %4: %5")
                      .arg(QDateTime::currentDateTimeUtc().toString(QStringLiteral("hh:mm:ss.zzz")),
                          record.id, record.kind, record.target.name, faults::nameOf(record.state));
    const bool isSure = record.state == faults::FaultState::InForce;
    if (isSure && !record.mechanism.isEmpty())
        out += QStringLiteral(" [%1]").arg(record.mechanism);
    if (!record.detail.isEmpty())
        out += QStringLiteral("; ") + record.detail;
    if (record.state == faults::FaultState::Leaked)
        out += Text::tr("; undo it by hand on the host %1: %2")
                   .arg(record.target.host.value(), record.undo);
    return out;
}

} // namespace faultline::ctl
