// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/cases_command.h"

#include "app/ctl/table.h"
#include "app/ctl/text.h"
#include "services/cases/case_files.h"
#include "services/cases/schema/quantities.h"

#include <CLI/CLI.hpp>
#include <QJsonArray>

#include <algorithm>
#include <array>

namespace faultline::ctl {

namespace {

QString severityName(cases::Severity severity)
{
    static constexpr std::array<const char *, 4> names{ "blocker", "major", "minor",
        "experimental" };
    return QString::fromLatin1(names.at(static_cast<std::size_t>(severity)));
}

QStringList suitesOf(const cases::CaseFile &item)
{
    QStringList out;
    for (const std::string &suite : item.metadata.suites)
        out += text(suite);
    return out;
}

QString lengthOf(const cases::CaseFile &item)
{
    cases::milliseconds sum{ 0 };
    for (const cases::Phase &phase : item.phases)
        sum += phase.duration;
    return sum.count() > 0 ? text(cases::durationText(sum)) : QString();
}

QJsonObject toJson(const cases::CaseFile &item, bool hasErrors)
{
    QJsonArray faults;
    for (const cases::FaultEntry &fault : item.faults)
        faults += text(fault.kind);
    QJsonObject parameters;
    for (const auto &[name, value] : item.values)
        parameters[text(name)] = text(value);
    return { { QStringLiteral("name"), text(item.metadata.name) },
        { QStringLiteral("title"), text(item.metadata.title) },
        { QStringLiteral("team"), text(item.metadata.ownerTeam) },
        { QStringLiteral("person"), text(item.metadata.ownerPerson) },
        { QStringLiteral("severity"), severityName(item.metadata.severity) },
        { QStringLiteral("suites"), QJsonArray::fromStringList(suitesOf(item)) },
        { QStringLiteral("phases"), lengthOf(item) }, { QStringLiteral("faults"), faults },
        { QStringLiteral("parameters"), parameters }, { QStringLiteral("file"), text(item.file) },
        { QStringLiteral("hasErrors"), hasErrors } };
}

} // namespace

QString CasesCommand::name() const
{
    return QStringLiteral("cases");
}

QString CasesCommand::summary() const
{
    return Text::tr("List the declared cases of a test repository");
}

QString CasesCommand::examples() const
{
    return Text::tr("Examples:\n"
                    "  faultlinectl cases list\n"
                    "  faultlinectl cases list tests --suite nightly --output json\n"
                    "No server is asked. A case that \"faultlinectl lint\" finds errors in is "
                    "listed, and marked.\n"
                    "JSON: {\"cases\": [{name, title, team, person, severity, suites, phases, "
                    "faults, parameters, file, hasErrors}]}");
}

void CasesCommand::addOptions(CLI::App &app)
{
    CLI::App *list = app.add_subcommand("list", "One line per case");
    list->fallthrough();
    list->add_option("paths", m_paths, "Files and folders; none = this folder");
    list->add_option("--suite", m_suite, "Only cases of this suite");
    app.require_subcommand(1);
}

domain::Result<int> CasesCommand::execute(Context &context)
{
    QStringList paths;
    for (const std::string &path : m_paths)
        paths += text(path);
    if (paths.isEmpty())
        paths += QStringLiteral(".");
    const auto files = cases::findCaseFiles(paths);
    if (!files)
        return domain::failure(files.error());
    QJsonArray array;
    Table table({ Text::tr("CASE"), Text::tr("SEVERITY"), Text::tr("OWNER"), Text::tr("PHASES"),
        Text::tr("FAULTS"), Text::tr("SUITES"), Text::tr("STATE"), Text::tr("FILE") });
    for (const QString &file : *files) {
        const cases::CheckedFile checked = cases::checkFile(file, {}, QDate::currentDate());
        const bool isBad = cases::hasErrors(checked.diagnostics);
        for (const cases::CaseFile &item : checked.cases) {
            if (!m_suite.empty() && !suitesOf(item).contains(text(m_suite)))
                continue;
            array += toJson(item, isBad);
            table.add({ text(item.metadata.name), severityName(item.metadata.severity),
                text(item.metadata.ownerTeam), lengthOf(item), QString::number(item.faults.size()),
                suitesOf(item).join(QLatin1Char(',')),
                isBad ? Text::tr("has errors") : Text::tr("sound"), file });
        }
    }
    if (context.isJson())
        context.print(QJsonObject{ { QStringLiteral("cases"), array } });
    else
        context.print(table.text());
    return 0;
}

} // namespace faultline::ctl
