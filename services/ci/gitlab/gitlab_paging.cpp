// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/ci/gitlab/gitlab_paging.h"

#include <QRegularExpression>
#include <QUrl>
#include <QUrlQuery>

namespace faultline::ci::gitlab {

QByteArray nextPage(const net::HttpResponse &response, const QString &path)
{
    static const QRegularExpression nextLink(
        QStringLiteral("<([^>]*)>\\s*;[^<]*\\brel=\"?next\\b"));
    const QString link = QString::fromUtf8(response.header("Link"));
    if (const QRegularExpressionMatch match = nextLink.match(link); match.hasMatch())
        return match.captured(1).toUtf8();
    const QByteArray page = response.header("X-Next-Page").trimmed();
    if (!link.isEmpty() || page.isEmpty() || page.toInt() <= 0)
        return {};
    QUrl url = QUrl::fromEncoded(path.toUtf8());
    QUrlQuery query(url);
    query.removeAllQueryItems(QStringLiteral("page"));
    query.addQueryItem(QStringLiteral("page"), QString::fromLatin1(page));
    url.setQuery(query);
    return url.toEncoded();
}

} // namespace faultline::ci::gitlab
