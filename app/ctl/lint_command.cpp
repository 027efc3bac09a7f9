// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/lint_command.h"

#include "app/ctl/assignments.h"
#include "app/ctl/diagnostic_formats.h"
#include "app/ctl/text.h"
#include "app/ctl/version_command.h"

#include <CLI/CLI.hpp>
#include <QJsonDocument>

#include <algorithm>

namespace faultline::ctl {

namespace {

using Level = cases::Diagnostic::Level;

cases::ParameterValues valuesOf(const QMap<QString, QString> &assignments)
{
    cases::ParameterValues out;
    for (auto it = assignments.begin(); it != assignments.end(); ++it)
        out[it.key().toStdString()] = it.value().toStdString();
    return out;
}

} // namespace

QString LintCommand::name() const
{
    return QStringLiteral("lint");
}

QString LintCommand::summary() const
{
    return Text::tr("Find what is wrong with case files");
}

QString LintCommand::examples() const
{
    return Text::tr(
        "Examples:\n"
        "  faultlinectl lint\n"
        "  faultlinectl lint tests/resistance --set duration=2h\n"
        "  faultlinectl lint --format code-quality tests > gl-code-quality-report.json\n"
        "A folder is searched for case.yaml files. The exit code is 1 when there is an error, and "
        "with --strict\n"
        "also when there is a warning. No server is asked.\n"
        "JSON: {\"files\", \"cases\", \"errors\", \"warnings\", \"diagnostics\": [{file, line, "
        "column, level, rule, message, hint}]}");
}

void LintCommand::addOptions(CLI::App &app)
{
    app.add_option("paths", m_paths, "Files and folders; none = this folder");
    app.add_option(
        "--set", m_set, "NAME=VALUE: lint with this value of a parameter; may be repeated");
    app.add_option("--format", m_format, "text, sarif (code hosts), code-quality (GitLab)")
        ->check(CLI::IsMember({ "text", "sarif", "code-quality" }))
        ->capture_default_str();
    app.add_flag("--strict", m_strict, "Warnings count as errors");
}

int LintCommand::Outcome::count(Level level) const
{
    return static_cast<int>(std::count_if(diagnostics.begin(), diagnostics.end(),
        [&](const cases::Diagnostic &item) { return item.level == level; }));
}

domain::Result<LintCommand::Outcome> LintCommand::check(const Context &context) const
{
    const auto set = parseAssignments(m_set, QStringLiteral("--set"));
    if (!set)
        return domain::failure(set.error());
    QStringList paths;
    for (const std::string &path : m_paths)
        paths += QString::fromStdString(path);
    if (paths.isEmpty())
        paths += QStringLiteral(".");
    const auto files = cases::findCaseFiles(paths);
    if (!files)
        return domain::failure(files.error());
    Outcome out;
    for (const QString &file : *files) {
        if (context.token().isCancelled())
            return domain::failure(domain::ErrorKind::Cancelled, Text::tr("Cancelled."));
        const cases::CheckedFile checked
            = cases::checkFile(file, valuesOf(*set), QDate::currentDate());
        out.files += 1;
        out.cases += static_cast<int>(checked.cases.size());
        out.diagnostics.insert(
            out.diagnostics.end(), checked.diagnostics.begin(), checked.diagnostics.end());
    }
    return out;
}

void LintCommand::printForPeople(Context &context, const Outcome &outcome) const
{
    QString lines;
    for (const cases::Diagnostic &item : outcome.diagnostics)
        lines += QString::fromStdString(item.text()) + QLatin1Char('\n');
    context.print(lines);
    context.remark(Text::tr("%1 cases in %2 files: %3 errors, %4 warnings")
                       .arg(outcome.cases)
                       .arg(outcome.files)
                       .arg(outcome.count(Level::Error))
                       .arg(outcome.count(Level::Warning)));
}

void LintCommand::print(Context &context, const Outcome &outcome) const
{
    if (m_format == "sarif")
        context.print(toSarif(outcome.diagnostics, programVersion()));
    else if (m_format == "code-quality")
        context.write(QJsonDocument(toCodeQuality(outcome.diagnostics)).toJson());
    else if (context.isJson())
        context.print(QJsonObject{ { QStringLiteral("files"), outcome.files },
            { QStringLiteral("cases"), outcome.cases },
            { QStringLiteral("errors"), outcome.count(Level::Error) },
            { QStringLiteral("warnings"), outcome.count(Level::Warning) },
            { QStringLiteral("diagnostics"), toJson(outcome.diagnostics) } });
    else
        printForPeople(context, outcome);
}

domain::Result<int> LintCommand::execute(Context &context)
{
    const auto outcome = check(context);
    if (!outcome)
        return domain::failure(outcome.error());
    print(context, *outcome);
    const bool isBad
        = outcome->count(Level::Error) > 0 || (m_strict && outcome->count(Level::Warning) > 0);
    return isBad ? 1 : 0;
}

} // namespace faultline::ctl
