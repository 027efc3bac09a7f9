// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/net/origins.h"

#include <QCoreApplication>

namespace faultline::net {

using domain::ErrorKind;

namespace {

int portOf(const QUrl &url)
{
    const bool secure
        = url.scheme() == QLatin1StringView("https") || url.scheme() == QLatin1StringView("wss");
    return url.port(secure ? 443 : 80);
}

QString shown(const QUrl &url)
{
    return url.toString(
        QUrl::RemoveUserInfo | QUrl::RemoveQuery | QUrl::RemoveFragment | QUrl::RemovePath);
}

tl::unexpected<domain::Error> refused(ErrorKind kind, const char *message, const QUrl &target)
{
    return domain::failure(kind, QCoreApplication::translate("net", message).arg(shown(target)));
}

} // namespace

bool isSameOrigin(const QUrl &a, const QUrl &b)
{
    return a.scheme() == b.scheme() && a.host() == b.host() && portOf(a) == portOf(b);
}

QUrl urlOn(const QUrl &origin, const QString &path)
{
    if (!path.startsWith(u'/') || !origin.isValid() || origin.host().isEmpty())
        return {};
    const QUrl::FormattingOptions bare = QUrl::RemoveUserInfo | QUrl::RemoveQuery
        | QUrl::RemoveFragment | QUrl::StripTrailingSlash;
    return QUrl::fromEncoded(origin.toEncoded(bare) + path.toUtf8(), QUrl::StrictMode);
}

bool isRedirect(const HttpResponse &response)
{
    const int status = response.status;
    const bool moved
        = status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
    return moved && !response.header("Location").isEmpty();
}

domain::Result<Hop> nextHop(
    const HttpResponse &response, const QByteArray &method, const QUrl &from, const QUrl &origin)
{
    QUrl target = from.resolved(QUrl::fromEncoded(response.header("Location").trimmed()));
    target.setUserInfo(QString());
    target.setFragment(QString());
    const bool speaksHttp = target.scheme() == QLatin1StringView("http")
        || target.scheme() == QLatin1StringView("https");
    if (!target.isValid() || target.host().isEmpty() || !speaksHttp)
        return domain::failure(ErrorKind::Server,
            QCoreApplication::translate(
                "net", "The server redirects to an address that can't be used."));
    if (from.scheme() == QLatin1StringView("https") && target.scheme() == QLatin1StringView("http"))
        return refused(ErrorKind::Tls,
            "The server redirects from https to the unprotected address %1; this was refused.",
            target);

    const bool reads = method == "GET" || method == "HEAD";
    const bool same = isSameOrigin(target, from);
    Hop hop{ target, method, isSameOrigin(target, origin), true };
    if (!reads && response.status == 303) {
        hop.method = "GET";
        hop.keepsBody = false;
    } else if (!reads && (!same || response.status == 301 || response.status == 302)) {
        return refused(ErrorKind::Invalid,
            "The server has moved to %1. Put this address into the settings; a change is not sent "
            "there by itself.",
            target);
    }
    return hop;
}

} // namespace faultline::net
