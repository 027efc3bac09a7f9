// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/gate_command.h"

#include "app/ctl/bundle_search.h"
#include "app/ctl/table.h"
#include "app/ctl/text.h"
#include "services/cases/suites.h"
#include "services/ci/ci_releases.h"
#include "services/runs/record/plain_file.h"

#include <CLI/CLI.hpp>
#include <QFile>
#include <QJsonArray>

#include <algorithm>

namespace faultline::ctl {

namespace {

domain::Result<cases::Suite> readSuite(const QString &file, const QString &name)
{
    QFile source(file);
    if (!source.open(QIODevice::ReadOnly))
        return domain::failure(domain::ErrorKind::Local,
            Text::tr("Can't read the file: %1.").arg(source.errorString()), file);
    const auto suites = cases::parseSuites(source.read(2 << 20), file);
    if (!suites)
        return domain::failure(suites.error());
    QStringList known;
    for (const cases::Suite &suite : *suites) {
        if (suite.name == name)
            return suite;
        known += suite.name;
    }
    return domain::failure(domain::ErrorKind::Invalid,
        Text::tr("There is no suite \"%1\". The suites are: %2.")
            .arg(name, known.join(QStringLiteral(", "))),
        file);
}

QString verdictText(const runs::GateRow &row)
{
    return row.verdict ? QString::fromUtf8(runs::nameOf(*row.verdict).data()) : Text::tr("missing");
}

QJsonObject toJson(const runs::GateReport &report)
{
    QJsonArray rows;
    for (const runs::GateRow &row : report.rows)
        rows += QJsonObject{ { QStringLiteral("case"), text(row.caseName) },
            { QStringLiteral("verdict"),
                row.verdict ? QJsonValue(verdictText(row)) : QJsonValue() },
            { QStringLiteral("run"), text(row.run) },
            { QStringLiteral("source"), text(row.source) },
            { QStringLiteral("message"), text(row.message) } };
    return { { QStringLiteral("suite"), text(report.suite) },
        { QStringLiteral("open"), report.isOpen }, { QStringLiteral("exitCode"), report.exitCode },
        { QStringLiteral("cases"), rows } };
}

} // namespace

QString GateCommand::name() const
{
    return QStringLiteral("gate");
}

QString GateCommand::summary() const
{
    return Text::tr("Pass when every case of a suite passed; make the release");
}

QString GateCommand::examples() const
{
    return Text::tr(
        "Examples:\n"
        "  faultlinectl gate --suite release                     # bundles below out/\n"
        "  faultlinectl gate --suite release --report out/report.md --release v1.4.0 \\\n"
        "      --link \"bundles=$CI_JOB_URL/artifacts/download\"\n"
        "Each case's newest bundle counts; in a CI job only those of its pipeline. A case without "
        "one "
        "is judged by\n"
        "the pipeline's job of its name. What is missing or undecided does not pass.\n"
        "Exit code: that of the worst verdict; 2 when a case has none; 0 only when all passed.\n"
        "JSON: {suite, open, exitCode, cases: [{case, verdict, run, source, message}]}");
}

void GateCommand::addOptions(CLI::App &app)
{
    app.add_option("--suite", m_suite, "Name of the suite")->required();
    app.add_option("--suites", m_suiteFile, "The file that names the cases of each suite")
        ->capture_default_str();
    app.add_option("BUNDLE", m_places, "Bundles, or folders with bundles in them; without, out");
    app.add_option("--report", m_report, "Write the report there, as Markdown");
    app.add_option("--release", m_release, "When the gate is open, make a release of this tag");
    app.add_option("--link", m_links, "NAME=URL of something to attach; may be repeated");
}

domain::Result<runs::GateReport> GateCommand::judge(Context &context)
{
    const auto suite = readSuite(text(m_suiteFile), text(m_suite));
    if (!suite)
        return domain::failure(suite.error());
    runs::GateInput input;
    input.suite = m_suite;
    for (const QString &name : suite->cases)
        input.cases.push_back(name.toStdString());
    for (const QString &bundle : findBundles(m_places))
        input.bundles.push_back(bundle.toStdString());
    const QString pipeline = context.environment().value(QStringLiteral("CI_PIPELINE_ID"));
    input.pipeline = pipeline.toStdString();
    runs::GateReport report = runs::judgeGate(input);
    const bool isMissing = std::any_of(report.rows.begin(), report.rows.end(),
        [](const runs::GateRow &row) { return !row.verdict; });
    if (!isMissing || pipeline.isEmpty())
        return report;
    const auto jobs
        = context.askCi<QList<domain::Job>>([id = pipeline.toLongLong()](ci::CiBackend &backend,
                                                domain::Done<QList<domain::Job>> done) {
              return backend.pipelineJobs(domain::PipelineId(id), std::move(done));
          });
    if (!jobs)
        return domain::failure(jobs.error());
    for (const domain::Job &job : *jobs)
        input.jobs[job.name.toStdString()] = job.status.text().toStdString();
    return runs::judgeGate(input);
}

domain::Result<void> GateCommand::makeRelease(Context &context, const runs::GateReport &report)
{
    ci::ReleaseSpec spec;
    spec.tag = text(m_release);
    spec.ref = context.environment().value(QStringLiteral("CI_COMMIT_SHA"));
    spec.name = spec.tag;
    spec.description = text(runs::gateMarkdown(report));
    for (const std::string &link : m_links) {
        const QString pair = text(link);
        const qsizetype mark = pair.indexOf(u'=');
        if (mark <= 0)
            return domain::failure(domain::ErrorKind::Invalid,
                Text::tr("--link takes NAME=URL, not \"%1\".").arg(pair));
        spec.links.append({ pair.left(mark), pair.mid(mark + 1), QStringLiteral("other"), {} });
    }
    const auto backend = context.connections().ci();
    if (!backend)
        return domain::failure(backend.error());
    if ((*backend)->releases() == nullptr)
        return domain::failure(domain::ErrorKind::Invalid, Text::tr("This CI has no releases."));
    const auto made = context.askCi<domain::Release>(
        [spec](ci::CiBackend &ci, domain::Done<domain::Release> done) {
            return ci.releases()->create(spec, std::move(done));
        });
    if (!made)
        return domain::failure(made.error());
    context.progress(Text::tr("released %1").arg(spec.tag));
    return {};
}

domain::Result<int> GateCommand::execute(Context &context)
{
    const auto report = judge(context);
    if (!report)
        return domain::failure(report.error());
    if (!m_report.empty()) {
        if (const auto problem = runs::replaceFile(m_report, runs::gateMarkdown(*report)))
            return domain::failure(domain::ErrorKind::Local,
                Text::tr("The report can't be written: %1.").arg(text(*problem)));
    }
    if (context.isJson()) {
        context.print(toJson(*report));
    } else {
        Table table(
            { Text::tr("CASE"), Text::tr("VERDICT"), Text::tr("RUN"), Text::tr("MESSAGE") });
        for (const runs::GateRow &row : report->rows)
            table.add({ text(row.caseName), verdictText(row), text(row.run), text(row.message) });
        context.print(table.text());
        context.print(
            (report->isOpen ? Text::tr("The gate is open.") : Text::tr("The gate is closed."))
            + u'\n');
    }
    if (report->isOpen && !m_release.empty()) {
        const auto made = makeRelease(context, *report);
        if (!made)
            return domain::failure(made.error());
    }
    return report->exitCode;
}

} // namespace faultline::ctl
