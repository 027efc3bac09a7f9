// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/runs/request_preview.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

namespace faultline::views {

QString requestPreview(
    const QUrl &server, const QString &project, const domain::PipelineRequest &request)
{
    QJsonArray variables;
    for (auto entry = request.variables.cbegin(); entry != request.variables.cend(); ++entry)
        variables.append(QJsonObject{
            { QStringLiteral("key"), entry.key() }, { QStringLiteral("value"), entry.value() } });
    const QJsonObject body{ { QStringLiteral("ref"), request.ref },
        { QStringLiteral("variables"), variables } };
    QString base
        = server.toString(QUrl::RemoveUserInfo | QUrl::RemoveQuery | QUrl::StripTrailingSlash);
    return QStringLiteral("POST %1/api/v4/projects/%2/pipeline\n%3")
        .arg(base, QString::fromLatin1(QUrl::toPercentEncoding(project)),
            QString::fromUtf8(QJsonDocument(body).toJson(QJsonDocument::Indented)).trimmed());
}

} // namespace faultline::views
