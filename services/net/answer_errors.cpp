// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/net/answer_errors.h"

#include "services/net/server_words.h"

#include <QCoreApplication>
#include <QLocale>

namespace faultline::net {

using domain::Error;
using domain::ErrorKind;

namespace {

QString text(const char *source)
{
    return QCoreApplication::translate("net", source);
}

ErrorKind kindOf(int status)
{
    switch (status) {
    case 401:
        return ErrorKind::Auth;
    case 403:
        return ErrorKind::Forbidden;
    case 404:
    case 410:
        return ErrorKind::NotFound;
    case 408:
        return ErrorKind::Timeout;
    case 409:
    case 412:
        return ErrorKind::Conflict;
    case 429:
        return ErrorKind::RateLimited;
    default:
        return status >= 400 && status < 500 ? ErrorKind::Invalid : ErrorKind::Server;
    }
}

QString limitedMessage(const RateLimits &limits)
{
    const std::optional<QDateTime> until = limits.retryAt ? limits.retryAt : limits.resetAt;
    if (!until)
        return text("The server limits how often it may be asked. Wait a minute and try again.");
    return text("The server limits how often it may be asked: limited until %1.")
        .arg(QLocale::c().toString(until->toLocalTime(), QStringLiteral("hh:mm:ss")));
}

QString messageOf(int status, const RateLimits &limits)
{
    switch (kindOf(status)) {
    case ErrorKind::Auth:
        return text("The server does not accept the token. Sign in again or change the token.");
    case ErrorKind::Forbidden:
        return text("The token is valid, but it may not do this. Ask for the permission.");
    case ErrorKind::NotFound:
        return text("The server does not know this object, or the token may not see it.");
    case ErrorKind::Timeout:
        return text("The server gave up waiting for the request.");
    case ErrorKind::Conflict:
        return text("The object is busy or was changed by somebody else. Read it again.");
    case ErrorKind::RateLimited:
        return limitedMessage(limits);
    case ErrorKind::Invalid:
        return text("The server refuses the request as wrong (status %1).").arg(status);
    default:
        return status >= 500
            ? text("The server failed (status %1). Try again later.").arg(status)
            : text("The server gave an unexpected answer (status %1).").arg(status);
    }
}

} // namespace

QString placeOf(const QByteArray &method, const QUrl &url)
{
    const QString place = url.toString(
        QUrl::RemoveUserInfo | QUrl::RemoveQuery | QUrl::RemoveFragment | QUrl::FullyEncoded);
    return QString::fromLatin1(method) + u' ' + place;
}

Error errorOfStatus(int status, const RateLimits &limits)
{
    Error error;
    error.kind = kindOf(status);
    error.status = status;
    error.message = messageOf(status, limits);
    error.mayRetry = isPassing(status);
    if (limits.retryAt)
        error.retryAt = limits.retryAt;
    else if (status == 429)
        error.retryAt = limits.resetAt;
    return error;
}

Error errorOfPage(const HttpResponse &response)
{
    Error error;
    error.status = response.status;
    error.serverWords = serverWords(response);
    if (looksLikeSignIn(response)) {
        error.kind = ErrorKind::Auth;
        error.message = text("The server answered a sign-in page instead of JSON: needs sign-in. "
                             "Check the token and the address.");
    } else {
        error.kind = ErrorKind::Server;
        error.message
            = text("The server answered a web page instead of JSON (a sign-in page or a proxy?). "
                   "Check the address.");
    }
    return error;
}

bool isPassing(int status)
{
    switch (status) {
    case 408:
    case 429:
    case 500:
    case 502:
    case 503:
    case 504:
        return true;
    default:
        return false;
    }
}

} // namespace faultline::net
