// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/run_command.h"

#include "app/ctl/assignments.h"
#include "app/ctl/duration_option.h"
#include "app/ctl/text.h"
#include "services/cases/case_files.h"
#include "services/runs/announcements.h"
#include "services/runs/case_run.h"
#include "services/runs/refusals.h"
#include "services/runs/run_preparation.h"
#include "services/runs/script_preparation.h"

#include <CLI/CLI.hpp>
#include <QJsonDocument>
#include <QRandomGenerator>

#include <mutex>

namespace faultline::ctl {

QString RunCommand::name() const
{
    return QStringLiteral("run");
}

QString RunCommand::summary() const
{
    return Text::tr("Run a declared case, or a script, and give its verdict");
}

QString RunCommand::examples() const
{
    return Text::tr(
        "Examples:\n"
        "  faultlinectl run kv-node-shutdown\n"
        "  faultlinectl run tests/declared/kv-crud/case.yaml --set chaos=2m --seed 42 --bundle "
        "out/run\n"
        "  faultlinectl run kv-scale --dry-run          # prints the plan, starts nothing\n"
        "  faultlinectl run --keep-failed 4h -- mocha tests/kv-crud    # a script of your own\n"
        "The log gets one sentence per event with its JSON behind ##faultline. Ctrl-C (or SIGTERM) "
        "once: an orderly\n"
        "abort with cleanup; twice: faster, faults are still undone. The bundle is in --bundle, or "
        "in out/runs/RUN.\n"
        "Exit codes: 0 pass, 1 fail (an anomaly), 2 unknown (a checker gave up), 3 infrastructure, "
        "4 aborted,\n"
        "5 a fault is leaked, 64 the case is wrong or asks for what can't be done.\n"
        "JSON: findings.json of the bundle: {case, run, stack, seed, verdict, exitCode, trouble, "
        "started, seconds,\n"
        "       keptStack, checks, findings: [{kind, check, anomaly, message, knownIssue, atMs}]}; "
        "the log goes to\n"
        "       standard error then");
}

void RunCommand::addOptions(CLI::App &app)
{
    app.add_option("case", m_case, "A case file, its folder, or the case's name");
    app.add_option("--set", m_set, "NAME=VALUE for a parameter; may be repeated");
    app.add_option("--seed", m_seed, "A whole number; without it the case's own, or a new one");
    app.add_option("--bundle", m_bundle, "Folder for what the run leaves behind");
    app.add_flag("--keep", m_keep, "Keep the stack whatever the verdict");
    app.add_flag("--dry-run", m_dryRun, "Print the plan and start nothing");
    app.add_option(
        "--name", m_name, "A script's name as a case; else the CI job's, or the program's");
    app.add_option("--skip", m_skip, "A default check that does not judge a script");
    addDurationOption(app, "--keep-failed", m_keepFailed,
        "How long a failed script's stack is kept (24h); else it is removed");
}

std::chrono::milliseconds RunCommand::usualTimeout() const
{
    return std::chrono::hours(24 * 365); // the case has a timeout of its own
}

domain::Result<int> RunCommand::showPlan(
    Context &context, const cases::CaseFile &caseFile, std::uint64_t seed)
{
    const auto missing = runs::refusals(caseFile);
    for (const cases::Diagnostic &item : missing)
        context.remark(QString::fromStdString(item.text()));
    const auto plan = cases::makePlan(caseFile, seed, cases::roleScales(caseFile));
    context.write(QByteArray::fromStdString(cases::planJson(plan)));
    return missing.empty() ? 0 : domain::exitCodeFor(domain::ErrorKind::Invalid);
}

domain::Result<void> RunCommand::checkUse() const
{
    const auto wrong
        = [](const QString &what) { return domain::failure(domain::ErrorKind::Invalid, what); };
    if (m_command ? !m_case.empty() : m_case.empty())
        return wrong(Text::tr("Name a case, or write a script's command behind \"--\"."));
    if (m_command && m_command->isEmpty())
        return wrong(Text::tr("There is no command behind \"--\"."));
    if (m_command && (!m_set.empty() || m_dryRun))
        return wrong(Text::tr("--set and --dry-run are for declared cases."));
    if (!m_command && (!m_name.empty() || !m_skip.empty() || m_keepFailed))
        return wrong(Text::tr("--name, --skip and --keep-failed are for scripts: a declared case "
                              "says these things itself."));
    return {};
}

domain::Result<int> RunCommand::execute(Context &context)
{
    if (const auto use = checkUse(); !use)
        return domain::failure(use.error());
    return m_command ? runScript(context) : runCase(context);
}

domain::Result<int> RunCommand::runScript(Context &context)
{
    runs::ScriptChoice choice;
    choice.command = *m_command;
    choice.name = QString::fromStdString(m_name);
    choice.seed = m_seed ? *m_seed : QRandomGenerator::global()->generate();
    choice.random = QRandomGenerator::system()->generate64();
    choice.bundle = QString::fromStdString(m_bundle);
    choice.keepsAlways = m_keep;
    choice.keepsFailedFor = m_keepFailed.value_or(std::chrono::milliseconds(0));
    choice.timeout = context.remaining();
    for (const std::string &kind : m_skip)
        choice.skippedChecks += QString::fromStdString(kind);
    choice.server = context.connections().stacksUrl();
    choice.environment = context.environment();
    return carryOut(context, runs::prepareScript(choice));
}

domain::Result<int> RunCommand::runCase(Context &context)
{
    const auto set = parseAssignments(m_set, QStringLiteral("--set"));
    if (!set)
        return domain::failure(set.error());
    cases::ParameterValues chosen;
    for (auto it = set->begin(); it != set->end(); ++it)
        chosen[it.key().toStdString()] = it.value().toStdString();
    const auto caseFile
        = cases::loadCase(QString::fromStdString(m_case), chosen, QDate::currentDate());
    if (!caseFile)
        return domain::failure(caseFile.error());
    const auto given = m_seed ? m_seed : caseFile->seed;
    const std::uint64_t seed = given ? *given : QRandomGenerator::global()->generate();
    if (m_dryRun)
        return showPlan(context, *caseFile, seed);

    return carryOut(context,
        runs::prepareRun({ *caseFile, seed, QRandomGenerator::system()->generate64(),
            QString::fromStdString(m_bundle), m_keep, context.connections().stacksUrl(),
            context.environment() }));
}

domain::Result<int> RunCommand::carryOut(
    Context &context, const domain::Result<runs::RunRequest> &request)
{
    const auto backend = context.connections().stacks();
    if (!backend)
        return domain::failure(backend.error());
    if (!request)
        return domain::failure(request.error());
    context.progress(Text::tr("bundle: %1").arg(request->bundle));
    std::mutex output; // events come from the probes' thread, too
    const auto say = [&](const QString &line) {
        const std::lock_guard lock(output);
        context.progress(line);
    };
    const auto event = [&](const std::string &sentence, const std::string &json) {
        say(QString::fromStdString(sentence + ' ' + runs::eventMarker + json));
    };
    const runs::Announcing announcing{ context.connections().workspaceName(), event,
        context.hurry() };
    runs::announceStart(*request, announcing);
    const runs::RunSummary summary = runs::runCase(*request, **backend,
        { context.token(), context.hurry(), std::chrono::steady_clock::now() + context.remaining(),
            event, say });
    runs::announceEnd(*request, summary, announcing);
    if (context.isJson())
        context.print(
            QJsonDocument::fromJson(QByteArray::fromStdString(runs::findingsJson(summary).dump()))
                .object());
    return runs::exitCodeOf(summary.verdict);
}

} // namespace faultline::ctl
