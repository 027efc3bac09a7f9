// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/artifacts_command.h"

#include "app/ctl/ci_topic.h"
#include "app/ctl/json_values.h"
#include "services/ci/ci_artifacts.h"

#include <CLI/CLI.hpp>
#include <QFileInfo>

namespace faultline::ctl {

using ci::CiArtifacts;
using domain::ErrorKind;

QString ArtifactsCommand::name() const
{
    return QStringLiteral("artifacts");
}

QString ArtifactsCommand::summary() const
{
    return Text::tr("Download what a job left behind, or keep it");
}

QString ArtifactsCommand::examples() const
{
    return Text::tr("Examples:\n"
                    "  faultlinectl artifacts 1234\n"
                    "  faultlinectl artifacts 1234 --file out/report.json -O report.json\n"
                    "  faultlinectl artifacts --ref main --job-name build --file out/version.txt\n"
                    "  faultlinectl artifacts 1234 --keep    (they do not expire any more)\n"
                    "The file is there whole or not at all. Without --file it is the job's zip "
                    "archive. --ref takes the newest\n"
                    "successful pipeline of a branch or tag.\n"
                    "JSON: {\"file\": \"…\", \"bytes\": 0}; with --keep the job (see trigger)");
}

void ArtifactsCommand::addOptions(CLI::App &app)
{
    auto *job = app.add_option("JOB", m_job, "The job's id")->check(CLI::PositiveNumber);
    auto *ref = app.add_option("--ref", m_ref, "Instead of a job: of this branch or tag …");
    auto *name = app.add_option("--job-name", m_jobName, "… the job of this name");
    job->excludes(ref);
    ref->needs(name);
    name->needs(ref);
    app.add_option("--file", m_inner, "One file of the archive, by its path there");
    app.add_option("-O,--into", m_target, "Where to write it; else its own name, here");
    app.add_flag("--force", m_isForced, "Replace a file that exists");
    app.add_option("--max-mib", m_largestMib, "Refuse more than this")
        ->check(CLI::PositiveNumber)
        ->capture_default_str();
    app.add_flag("--keep", m_keep, "Let them not expire, instead of a download")->needs(job);
}

std::chrono::milliseconds ArtifactsCommand::usualTimeout() const
{
    return std::chrono::hours(1);
}

domain::Result<QString> ArtifactsCommand::target() const
{
    QString path = QString::fromStdString(m_target);
    if (path.isEmpty() && !m_inner.empty())
        path = QString::fromStdString(m_inner).section(u'/', -1);
    if (path.isEmpty())
        path = m_job != 0 ? QStringLiteral("artifacts-%1.zip").arg(m_job)
                          : QStringLiteral("artifacts.zip");
    if (!m_isForced && QFileInfo::exists(path)) {
        return domain::failure(ErrorKind::Local,
            Text::tr("\"%1\" exists already. Choose another name with -O, or replace it with "
                     "--force.")
                .arg(path));
    }
    return path;
}

domain::Result<int> ArtifactsCommand::execute(Context &context)
{
    if (m_job == 0 && m_ref.empty()) {
        return domain::failure(
            ErrorKind::Invalid, Text::tr("Name a job's id, or --ref and --job-name."));
    }
    const domain::JobId id(m_job);
    if (m_keep) {
        const auto kept = askTopic<domain::Job, CiArtifacts>(context, &ci::CiBackend::artifacts,
            [id](CiArtifacts &verbs, auto done) { return verbs.keep(id, std::move(done)); });
        if (!kept)
            return domain::failure(kept.error());
        if (context.isJson())
            context.print(toJson(*kept));
        else
            context.print(Text::tr("The artifacts of %1 are kept.").arg(kept->name) + u'\n');
        return 0;
    }
    const auto path = target();
    if (!path)
        return domain::failure(path.error());
    const CiArtifacts::Target into{ *path, qint64(m_largestMib) << 20 };
    const auto bytes = askTopic<qint64, CiArtifacts>(context, &ci::CiBackend::artifacts,
        [id, into, ref = QString::fromStdString(m_ref), name = QString::fromStdString(m_jobName),
            inner = QString::fromStdString(m_inner)](CiArtifacts &verbs, auto done) {
            if (!id.isEmpty())
                return inner.isEmpty() ? verbs.archive(id, into, std::move(done))
                                       : verbs.file(id, inner, into, std::move(done));
            return inner.isEmpty() ? verbs.archiveOfRef(ref, name, into, std::move(done))
                                   : verbs.fileOfRef(ref, name, inner, into, std::move(done));
        });
    if (!bytes)
        return domain::failure(bytes.error());
    if (context.isJson())
        context.print(
            QJsonObject{ { QStringLiteral("file"), *path }, { QStringLiteral("bytes"), *bytes } });
    else
        context.print(Text::tr("%1  %2 bytes").arg(*path).arg(*bytes) + u'\n');
    return 0;
}

} // namespace faultline::ctl
