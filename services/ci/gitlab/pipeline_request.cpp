// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/ci/gitlab/pipeline_request.h"

#include <QJsonDocument>
#include <QJsonObject>

namespace faultline::ci::gitlab {

QString projectPath(const QString &project)
{
    return QStringLiteral("/api/v4/projects/")
        + QString::fromLatin1(QUrl::toPercentEncoding(project));
}

QJsonArray listOfVariables(const QMap<QString, QString> &variables)
{
    QJsonArray out;
    for (auto entry = variables.cbegin(); entry != variables.cend(); ++entry)
        out.append(QJsonObject{
            { QStringLiteral("key"), entry.key() }, { QStringLiteral("value"), entry.value() } });
    return out;
}

QJsonObject mapOfInputs(const QMap<QString, QJsonValue> &inputs)
{
    QJsonObject out;
    for (auto entry = inputs.cbegin(); entry != inputs.cend(); ++entry)
        out.insert(entry.key(), entry.value());
    return out;
}

QByteArray createPipelineBody(const domain::PipelineRequest &request)
{
    QJsonObject body{ { QStringLiteral("ref"), request.ref },
        { QStringLiteral("variables"), listOfVariables(request.variables) } };
    if (!request.inputs.isEmpty())
        body.insert(QStringLiteral("inputs"), mapOfInputs(request.inputs));
    return QJsonDocument(body).toJson(QJsonDocument::Compact);
}

QString shownCreateRequest(
    const QUrl &origin, const QString &project, const domain::PipelineRequest &request)
{
    const QString server
        = origin.toString(QUrl::RemoveUserInfo | QUrl::RemoveQuery | QUrl::StripTrailingSlash);
    return QStringLiteral("POST ") + server + projectPath(project) + QStringLiteral("/pipeline\n\n")
        + QString::fromUtf8(createPipelineBody(request));
}

} // namespace faultline::ci::gitlab
