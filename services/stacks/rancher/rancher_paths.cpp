// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/stacks/rancher/rancher_paths.h"

#include <QCoreApplication>
#include <QRegularExpression>

namespace faultline::stacks::rancher {

namespace {

QString encoded(const QString &part)
{
    return QString::fromLatin1(QUrl::toPercentEncoding(part));
}

} // namespace

QString projectPath(const QString &projectId)
{
    return QStringLiteral("/v2-beta/projects/") + encoded(projectId);
}

QString listPath(const QString &project, const QString &collection)
{
    return QStringLiteral("%1/%2?limit=-1").arg(project, collection);
}

QString resourcePath(const QString &project, const QString &collection, const QString &id)
{
    return QStringLiteral("%1/%2/%3").arg(project, collection, encoded(id));
}

QString subscribePath(const QString &project)
{
    return project + QStringLiteral("/subscribe?eventNames=resource.change&limit=-1");
}

domain::Result<QString> pathOfLink(const QString &link, const QUrl &origin)
{
    static const QRegularExpression apiStart(QStringLiteral("/(?:v1|v2-beta)(?:/|$|\\?)"));
    const QUrl url = origin.resolved(QUrl(link, QUrl::StrictMode));
    const QString path = url.toString(
        QUrl::RemoveScheme | QUrl::RemoveAuthority | QUrl::RemoveFragment | QUrl::FullyEncoded);
    const qsizetype start = withoutQuery(path).indexOf(apiStart);
    if (!url.isValid() || start < 0)
        return domain::failure(domain::ErrorKind::Server,
            QCoreApplication::translate(
                "rancher", "The server returned a link outside of its own API."));
    return path.mid(start); // a path prefix of the origin is added again by the client
}

QString withoutQuery(const QString &path)
{
    return path.left(path.indexOf(QLatin1Char('?')));
}

} // namespace faultline::stacks::rancher
