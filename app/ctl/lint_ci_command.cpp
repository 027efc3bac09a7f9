// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/lint_ci_command.h"

#include "app/ctl/ci_json.h"
#include "app/ctl/ci_topic.h"
#include "services/ci/ci_checks.h"

#include <CLI/CLI.hpp>
#include <QFile>

namespace faultline::ctl {

using domain::ErrorKind;

namespace {

constexpr qint64 largestFile = 1 << 20;

domain::Result<QString> contentOf(const QString &path)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return domain::failure(
            ErrorKind::Local, Text::tr("\"%1\" can't be read: %2.").arg(path, file.errorString()));
    const QByteArray bytes = file.read(largestFile + 1);
    if (bytes.size() > largestFile)
        return domain::failure(
            ErrorKind::Invalid, Text::tr("\"%1\" is larger than 1 MiB.").arg(path));
    if (bytes.trimmed().isEmpty())
        return domain::failure(ErrorKind::Invalid, Text::tr("\"%1\" is empty.").arg(path));
    return QString::fromUtf8(bytes);
}

QString textOf(const domain::CiLint &lint)
{
    QString out;
    for (const QString &error : lint.errors)
        out += Text::tr("error: %1").arg(error) + u'\n';
    for (const QString &warning : lint.warnings)
        out += Text::tr("warning: %1").arg(warning) + u'\n';
    if (lint.isValid)
        out += Text::tr("valid, %1 jobs").arg(lint.jobs.size()) + u'\n';
    return out;
}

} // namespace

QString LintCiCommand::name() const
{
    return QStringLiteral("lint-ci");
}

QString LintCiCommand::summary() const
{
    return Text::tr("Let the server check a .gitlab-ci.yml");
}

QString LintCiCommand::examples() const
{
    return Text::tr("Examples:\n"
                    "  faultlinectl lint-ci .gitlab-ci.yml\n"
                    "  faultlinectl lint-ci .gitlab-ci.yml --dry-run --ref release-7.5\n"
                    "  faultlinectl lint-ci    (the file that is in the repository)\n"
                    "Exit code 0 when it is valid, 1 when it is not. --dry-run creates nothing; "
                    "rules are asked, too, so that\n"
                    "a file without any job for this branch is wrong. Files of \"include: local\" "
                    "are the repository's.\n"
                    "JSON: {valid, errors, warnings, includes, mergedYaml, jobs: [{name, stage, "
                    "when}]}");
}

void LintCiCommand::addOptions(CLI::App &app)
{
    app.add_option("FILE", m_file, "A local file; without one the repository's is checked");
    app.add_option("--ref", m_ref, "As for this branch; else the default one");
    app.add_flag("--dry-run", m_isDryRun, "As if a pipeline were created");
}

domain::Result<int> LintCiCommand::execute(Context &context)
{
    ci::CiChecks::LintRequest request;
    request.ref = QString::fromStdString(m_ref);
    request.isDryRun = m_isDryRun;
    if (!m_file.empty()) {
        const auto content = contentOf(QString::fromStdString(m_file));
        if (!content)
            return domain::failure(content.error());
        request.content = *content;
    }
    const auto lint = askTopic<domain::CiLint, ci::CiChecks>(
        context, &ci::CiBackend::checks, [request](ci::CiChecks &checks, auto done) {
            return checks.lint(request, std::move(done));
        });
    if (!lint)
        return domain::failure(lint.error());
    if (context.isJson())
        context.print(toJson(*lint));
    else
        context.print(textOf(*lint));
    return lint->isValid ? 0 : 1;
}

} // namespace faultline::ctl
