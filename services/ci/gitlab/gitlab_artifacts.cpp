// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/ci/gitlab/gitlab_artifacts.h"

#include "services/net/file_sink.h"

#include <QCoreApplication>

namespace faultline::ci::gitlab {

namespace {

// A path inside an archive: its slashes are the request's, too.
QString encodedPath(const QString &inner)
{
    return QString::fromLatin1(QUrl::toPercentEncoding(inner, "/"));
}

/// A zip ends with a record that begins so, and a comment of at most 64 KiB.
bool hasZipEnd(const QByteArray &tail)
{
    return tail.contains(QByteArrayView("PK\5\6", 4));
}

domain::Error cutArchive()
{
    domain::Error error;
    error.kind = domain::ErrorKind::Network;
    error.mayRetry = true;
    error.message = QCoreApplication::translate("gitlab",
        "The archive came without its end: it was cut off on its way, or it is no zip file. "
        "Nothing was written. Try again.");
    return error;
}

} // namespace

QString GitLabArtifacts::path(domain::JobId id, const QString &rest) const
{
    return inProject(QStringLiteral("/jobs/%1").arg(id.value()) + rest);
}

net::Call GitLabArtifacts::download(
    const QString &path, const Target &target, bool isArchive, domain::Done<qint64> done)
{
    const auto sink = std::make_shared<net::FileSink>(target.path);
    net::HttpRequest request;
    request.path = path;
    request.expectJson = false;
    request.maxBody = target.largest;
    request.sink = sink;
    return client().send(request,
        [sink, isArchive, where = shownRequest("GET", path), done = std::move(done)](
            domain::Result<net::HttpResponse> answer) {
            if (!answer)
                return done(domain::failure(std::move(answer.error())));
            if (isArchive && !hasZipEnd(sink->tail())) {
                domain::Error cut = cutArchive();
                cut.where = where;
                return done(domain::failure(cut));
            }
            if (const auto written = sink->commit(); !written)
                return done(domain::failure(written.error()));
            done(sink->size());
        });
}

net::Call GitLabArtifacts::archive(domain::JobId id, Target target, domain::Done<qint64> done)
{
    return download(path(id, QStringLiteral("/artifacts")), target, true, std::move(done));
}

net::Call GitLabArtifacts::file(
    domain::JobId id, QString inner, Target target, domain::Done<qint64> done)
{
    return download(path(id, QStringLiteral("/artifacts/") + encodedPath(inner)), target, false,
        std::move(done));
}

net::Call GitLabArtifacts::archiveOfRef(
    QString ref, QString job, Target target, domain::Done<qint64> done)
{
    return download(
        inProject(
            QStringLiteral("/jobs/artifacts/%1/download?job=%2").arg(encoded(ref), encoded(job))),
        target, true, std::move(done));
}

net::Call GitLabArtifacts::fileOfRef(
    QString ref, QString job, QString inner, Target target, domain::Done<qint64> done)
{
    return download(inProject(QStringLiteral("/jobs/artifacts/%1/raw/%2?job=%3")
                                  .arg(encoded(ref), encodedPath(inner), encoded(job))),
        target, false, std::move(done));
}

net::Call GitLabArtifacts::keep(domain::JobId id, domain::Done<domain::Job> done)
{
    return value<domain::Job>(
        "POST", path(id, QStringLiteral("/artifacts/keep")), {}, parseJob, std::move(done));
}

net::Call GitLabArtifacts::remove(domain::JobId id, domain::Done<void> done)
{
    return effect("DELETE", path(id, QStringLiteral("/artifacts")), {}, std::move(done));
}

net::Call GitLabArtifacts::removeAll(domain::Done<void> done)
{
    return effect("DELETE", inProject(QStringLiteral("/artifacts")), {}, std::move(done));
}

net::Call GitLabArtifacts::erase(domain::JobId id, domain::Done<domain::Job> done)
{
    return value<domain::Job>(
        "POST", path(id, QStringLiteral("/erase")), {}, parseJob, std::move(done));
}

} // namespace faultline::ci::gitlab
