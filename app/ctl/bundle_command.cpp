// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/bundle_command.h"

#include "app/ctl/text.h"
#include "services/runs/record/rebuild_bundle.h"

#include <CLI/CLI.hpp>
#include <QJsonDocument>

namespace faultline::ctl {

QString BundleCommand::name() const
{
    return QStringLiteral("bundle");
}

QString BundleCommand::summary() const
{
    return Text::tr("Make a run's findings, series and verdict again from its events");
}

QString BundleCommand::examples() const
{
    return Text::tr(
        "Examples:\n"
        "  faultlinectl bundle rebuild out/runs/0123456789abcdef\n"
        "  faultlinectl bundle rebuild out/run --into /tmp/again\n"
        "Reads events.jsonl and writes findings.json, junit.xml and series/*.csv. A last line that "
        "was cut off is\n"
        "left out, and said. Without its end a run's verdict is infrastructure.\n"
        "JSON: findings.json, and {rebuilt: {events, series, tornBytes, badLines, hasEnd}}");
}

void BundleCommand::addOptions(CLI::App &app)
{
    CLI::App *rebuild = app.add_subcommand("rebuild", "From events.jsonl alone");
    rebuild->fallthrough();
    rebuild->add_option("BUNDLE", m_bundle, "The bundle's folder")->required();
    rebuild->add_option("--into", m_into, "Folder for what is made; without, the bundle itself");
    app.require_subcommand(1);
}

domain::Result<int> BundleCommand::execute(Context &context)
{
    const std::string into = m_into.empty() ? m_bundle : m_into;
    const runs::RebuiltBundle rebuilt = runs::rebuildBundle(m_bundle + "/events.jsonl", into);
    if (!rebuilt.problem.empty())
        return domain::failure(domain::ErrorKind::Local,
            Text::tr("The bundle can't be rebuilt: %1.")
                .arg(QString::fromStdString(rebuilt.problem)));
    if (rebuilt.tornBytes > 0)
        context.remark(Text::tr("The last line was cut off; its %1 bytes are left out.")
                           .arg(rebuilt.tornBytes));
    if (rebuilt.badLines > 0)
        context.remark(Text::tr("%1 lines are no events and are left out.").arg(rebuilt.badLines));
    if (!rebuilt.hasEnd)
        context.remark(Text::tr("The events end before the run did."));
    if (!context.isJson()) {
        context.print(Text::tr("%1  verdict %2, %3 findings, %4 series from %5 events\n")
                          .arg(QString::fromStdString(rebuilt.summary.run),
                              QString::fromUtf8(runs::nameOf(rebuilt.summary.verdict).data()))
                          .arg(rebuilt.summary.findings.size())
                          .arg(rebuilt.series)
                          .arg(rebuilt.events));
        return 0;
    }
    QJsonObject out = QJsonDocument::fromJson(
        QByteArray::fromStdString(runs::findingsJson(rebuilt.summary)
                                      .dump(-1, ' ', false, runs::Json::error_handler_t::replace)))
                          .object();
    out.insert(QStringLiteral("rebuilt"),
        QJsonObject{ { QStringLiteral("events"), qint64(rebuilt.events) },
            { QStringLiteral("series"), qint64(rebuilt.series) },
            { QStringLiteral("tornBytes"), qint64(rebuilt.tornBytes) },
            { QStringLiteral("badLines"), qint64(rebuilt.badLines) },
            { QStringLiteral("hasEnd"), rebuilt.hasEnd } });
    context.print(out);
    return 0;
}

} // namespace faultline::ctl
