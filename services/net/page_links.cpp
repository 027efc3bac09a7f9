// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/net/page_links.h"

#include <QRegularExpression>
#include <QUrlQuery>

#include <algorithm>

namespace faultline::net {

namespace {

QUrlQuery queryOf(const QString &path)
{
    const qsizetype mark = path.indexOf(u'?');
    return QUrlQuery(mark < 0 ? QString() : path.mid(mark + 1));
}

} // namespace

QByteArray nextLink(const HttpResponse &response)
{
    static const QRegularExpression link(QStringLiteral("<([^>]*)>([^<]*)"));
    static const QRegularExpression relation(
        QStringLiteral(";\\s*rel\\s*=\\s*(\"[^\"]*\\bnext\\b[^\"]*\"|next\\b)"),
        QRegularExpression::CaseInsensitiveOption);
    for (const Header &header : response.headers) {
        if (header.first.compare("Link", Qt::CaseInsensitive) != 0)
            continue;
        auto matches = link.globalMatch(QString::fromLatin1(header.second));
        while (matches.hasNext()) {
            const QRegularExpressionMatch match = matches.next();
            if (relation.match(match.captured(2)).hasMatch())
                return match.captured(1).toLatin1();
        }
    }
    return {};
}

std::optional<int> pageNumberIn(const QString &path)
{
    bool ok = false;
    const int number = queryOf(path).queryItemValue(QStringLiteral("page")).toInt(&ok);
    return ok && number > 0 ? std::optional(number) : std::nullopt;
}

QString withPageNumber(const QString &path, int number)
{
    static const QRegularExpression page(QStringLiteral("([?&])page=[^&#]*"));
    const QString value = QStringLiteral("page=%1").arg(number);
    const QRegularExpressionMatch match = page.match(path);
    if (match.hasMatch())
        return path.left(match.capturedStart()) + match.captured(1) + value
            + path.mid(match.capturedEnd());
    return path + (path.contains(u'?') ? u'&' : u'?') + value;
}

bool isKeyset(const QString &path)
{
    const QUrlQuery query = queryOf(path);
    const auto names = { QStringLiteral("cursor"), QStringLiteral("id_after"),
        QStringLiteral("id_before"), QStringLiteral("marker") };
    return query.queryItemValue(QStringLiteral("pagination")) == QLatin1StringView("keyset")
        || std::any_of(names.begin(), names.end(),
            [&query](const QString &name) { return query.hasQueryItem(name); });
}

} // namespace faultline::net
