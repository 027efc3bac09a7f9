// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/runs/script_preparation.h"

#include "services/cases/schema/known_kinds.h"
#include "services/runs/record/run_name.h"
#include "services/runs/run_parts.h"
#include "services/runs/text.h"

#include <QDir>
#include <QFileInfo>

namespace faultline::runs {

namespace {

constexpr std::chrono::hours longestScript{ 24 };

QString firstOf(const QProcessEnvironment &environment, const QStringList &names)
{
    for (const QString &name : names) {
        if (const QString value = environment.value(name); !value.isEmpty())
            return value;
    }
    return {};
}

/// As a shell reads it back: each word in quotes.
std::string quoted(const QStringList &words)
{
    QStringList out;
    for (QString word : words)
        out += u'\'' + word.replace(u'\'', QStringLiteral("'\\''")) + u'\'';
    return out.join(u' ').toStdString();
}

domain::Result<std::vector<cases::Check>> skipped(const QStringList &kinds)
{
    std::vector<cases::Check> out;
    for (const QString &name : kinds) {
        const cases::CheckKind *kind = cases::findCheckKind(name.toStdString());
        if (kind == nullptr || !kind->isDefault)
            return domain::failure(domain::ErrorKind::Invalid,
                Text::tr("\"%1\" is no check of a script: there are exitCode and "
                         "containers.noneUnexpectedlyDead.")
                    .arg(name));
        cases::Check check;
        check.kind = kind->name;
        check.isSkipped = true;
        out.push_back(std::move(check));
    }
    return out;
}

cases::CaseFile caseOf(const ScriptChoice &choice)
{
    cases::CaseFile out;
    const QProcessEnvironment &environment = choice.environment;
    QString name = choice.name;
    if (name.isEmpty())
        name = firstOf(
            environment, { QStringLiteral("FAULTLINE_CASE"), QStringLiteral("CI_JOB_NAME") });
    if (name.isEmpty())
        name = QFileInfo(choice.command.front()).completeBaseName();
    out.metadata.name = name.toStdString();
    out.metadata.ownerTeam = firstOf(environment,
        { QStringLiteral("FAULTLINE_OWNER"), QStringLiteral("GITLAB_USER_LOGIN"),
            QStringLiteral("USER") })
                                 .toStdString();
    out.workload.isPresent = true;
    out.workload.command = "exec " + quoted(choice.command);
    out.timeout = choice.timeout.count() > 0 && choice.timeout < longestScript
        ? choice.timeout
        : std::chrono::milliseconds(longestScript);
    if (choice.keepsFailedFor.count() > 0) {
        for (const char *outcome : { "fail", "unknown" }) {
            out.retention[outcome].keep = true;
            out.retention[outcome].ttl = choice.keepsFailedFor;
        }
    }
    return out;
}

QString described(const ScriptChoice &choice)
{
    QString out = QStringLiteral("apiVersion: faultline/v1\nkind: Script\ncommand:\n");
    for (QString word : choice.command)
        out += QStringLiteral("  - '") + word.replace(u'\'', QStringLiteral("''"))
            + QStringLiteral("'\n");
    return out;
}

} // namespace

domain::Result<RunRequest> prepareScript(const ScriptChoice &choice)
{
    auto skips = skipped(choice.skippedChecks);
    if (!skips)
        return domain::failure(skips.error());
    RunRequest out;
    out.makesStack = false;
    out.caseFile = caseOf(choice);
    out.caseFile.checks = std::move(*skips);
    out.plan = cases::makePlan(out.caseFile, choice.seed);
    out.keepsAlways = choice.keepsAlways;
    out.root = QDir::currentPath();
    out.resolvedCase = described(choice);
    fillIn(out, runId(choice.random), choice.bundle, choice.server, choice.environment);
    // `faultlinectl up` of the script puts them on the containers.
    QStringList labels;
    const auto all = labelsOf(out);
    for (auto it = all.begin(); it != all.end(); ++it)
        labels += it.key() + u'=' + it.value();
    out.environment.insert(QStringLiteral("FAULTLINE_LABELS"), labels.join(u'\n'));
    if (const auto made = makeBundle(out.bundle); !made)
        return domain::failure(made.error());
    return out;
}

} // namespace faultline::runs
