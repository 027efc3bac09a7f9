// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/status_command.h"

#include "app/ctl/bundle_search.h"
#include "app/ctl/error_report.h"
#include "app/ctl/text.h"
#include "services/notify/commit_status.h"
#include "services/runs/announcements.h"

#include <CLI/CLI.hpp>
#include <QJsonArray>

#include <optional>

namespace faultline::ctl {

namespace {

QMap<QString, QString> variablesOf(const Context &context)
{
    QMap<QString, QString> out;
    for (const QString &name : context.environment().keys())
        out.insert(name, context.environment().value(name));
    return out;
}

QString nameOf(runs::Reconciled::What what)
{
    switch (what) {
    case runs::Reconciled::What::NothingToDo:
        return QStringLiteral("nothingToDo");
    case runs::Reconciled::What::RunnerLives:
        return QStringLiteral("runnerLives");
    case runs::Reconciled::What::Told:
        break;
    }
    return QStringLiteral("told");
}

} // namespace

QString StatusCommand::name() const
{
    return QStringLiteral("status");
}

QString StatusCommand::summary() const
{
    return Text::tr("Tell the upstream commit what became of a run");
}

QString StatusCommand::examples() const
{
    return Text::tr(
        "Examples:\n"
        "  faultlinectl status reconcile            # in after_script: no status stays pending\n"
        "  faultlinectl status reconcile out/run\n"
        "  faultlinectl status post pending --context faultline/kv-crud\n"
        "The upstream: FAULTLINE_UPSTREAM_PROJECT, FAULTLINE_UPSTREAM_SHA, FAULTLINE_UPSTREAM_REF, "
        "FAULTLINE_UPSTREAM_URL,\n"
        "FAULTLINE_UPSTREAM_KIND (gitlab, github) and the secret FAULTLINE_UPSTREAM_TOKEN; without "
        "them the CI job's own commit.\n"
        "JSON: reconcile {\"bundles\": [{bundle, what, context, verdict, error}]}; post {context, "
        "verdict}");
}

void StatusCommand::addOptions(CLI::App &app)
{
    CLI::App *reconcile = app.add_subcommand("reconcile", "End what a run left pending");
    reconcile->fallthrough();
    reconcile->add_option(
        "BUNDLE", m_bundles, "Bundles, or folders with bundles in them; without, out");
    CLI::App *post = app.add_subcommand("post", "Tell it by hand, for free scripts");
    post->fallthrough();
    post->callback([this] { m_posts = true; });
    post->add_option("VERDICT", m_verdict, "pending, or a verdict")
        ->required()
        ->check(CLI::IsMember(
            { "pending", "pass", "fail", "unknown", "infrastructure", "aborted", "leaked" }));
    post->add_option("--context", m_context, "Name of the status")->capture_default_str();
    post->add_option("--description", m_description, "One sentence");
    post->add_option("--target-url", m_targetUrl, "Where to look; without, the CI job");
    app.require_subcommand(1);
}

domain::Result<int> StatusCommand::execute(Context &context)
{
    return m_posts ? post(context) : reconcile(context);
}

domain::Result<int> StatusCommand::post(Context &context)
{
    const auto environment = variablesOf(context);
    const auto target = notify::statusTarget(environment);
    if (!target)
        return domain::failure(domain::ErrorKind::Invalid,
            Text::tr("No commit is known: this is no CI job, and FAULTLINE_UPSTREAM_PROJECT and "
                     "FAULTLINE_UPSTREAM_SHA are not set."));
    notify::CommitStatus status;
    status.verdict = QString::fromStdString(m_verdict);
    status.context = QString::fromStdString(m_context);
    status.description = QString::fromStdString(m_description);
    status.targetUrl = m_targetUrl.empty() ? environment.value(QStringLiteral("CI_JOB_URL"))
                                           : QString::fromStdString(m_targetUrl);
    const auto posted = notify::postStatus(*target, status,
        notify::statusToken(*target, environment), context.remaining(), context.token());
    if (!posted)
        return domain::failure(posted.error());
    if (context.isJson())
        context.print(QJsonObject{ { QStringLiteral("context"), status.context },
            { QStringLiteral("verdict"), status.verdict } });
    return 0;
}

domain::Result<int> StatusCommand::reconcile(Context &context)
{
    QJsonArray rows;
    std::optional<domain::Error> firstError;
    for (const QString &bundle : findBundles(m_bundles)) {
        const auto done = runs::reconcileStatus(bundle, variablesOf(context), context.remaining());
        QJsonObject row{ { QStringLiteral("bundle"), bundle } };
        if (!done) {
            context.remark(errorReport(done.error()).trimmed());
            row.insert(QStringLiteral("error"), done.error().message);
            firstError = firstError.value_or(done.error());
        } else {
            row.insert(QStringLiteral("what"), nameOf(done->what));
            row.insert(QStringLiteral("context"), done->context);
            row.insert(QStringLiteral("verdict"), done->verdict);
            if (done->what == runs::Reconciled::What::Told)
                context.progress(
                    Text::tr("%1  was left pending, is %2 now").arg(done->context, done->verdict));
        }
        rows += row;
    }
    if (context.isJson())
        context.print(QJsonObject{ { QStringLiteral("bundles"), rows } });
    return firstError ? domain::exitCodeFor(firstError->kind) : 0;
}

} // namespace faultline::ctl
