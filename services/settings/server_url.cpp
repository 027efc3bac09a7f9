// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/settings/server_url.h"

#include <QRegularExpression>

namespace faultline::settings {

ServerAddress serverAddress(const QString &text)
{
    static const QRegularExpression apiPath(
        QStringLiteral("/(?:v1|v2-beta|api/v4)(?:/projects/([^/?#]+))?(?:/[^?#]*)?$"));
    ServerAddress out;
    QUrl url(text.trimmed(), QUrl::StrictMode);
    const bool known
        = url.scheme() == QStringLiteral("http") || url.scheme() == QStringLiteral("https");
    if (!url.isValid() || !known || url.host().isEmpty())
        return out;
    out.hasCredentials = !url.userInfo().isEmpty();
    QString path = url.path(QUrl::FullyEncoded);
    const QRegularExpressionMatch match = apiPath.match(path);
    if (match.hasMatch()) {
        out.rancherProject = match.captured(1);
        path.truncate(match.capturedStart());
    }
    while (path.endsWith(QLatin1Char('/')))
        path.chop(1);
    url.setPath(path, QUrl::TolerantMode);
    url.setQuery(QString());
    url.setFragment(QString());
    url.setUserInfo(QString());
    out.origin = url;
    return out;
}

} // namespace faultline::settings
