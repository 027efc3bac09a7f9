// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/domain/error.h"

namespace faultline::domain {

QString errorKindName(ErrorKind kind)
{
    switch (kind) {
    case ErrorKind::Network: return QStringLiteral("network");
    case ErrorKind::Tls: return QStringLiteral("tls");
    case ErrorKind::Auth: return QStringLiteral("auth");
    case ErrorKind::Forbidden: return QStringLiteral("forbidden");
    case ErrorKind::NotFound: return QStringLiteral("notFound");
    case ErrorKind::Conflict: return QStringLiteral("conflict");
    case ErrorKind::RateLimited: return QStringLiteral("rateLimited");
    case ErrorKind::Invalid: return QStringLiteral("invalid");
    case ErrorKind::Server: return QStringLiteral("server");
    case ErrorKind::Cancelled: return QStringLiteral("cancelled");
    case ErrorKind::Timeout: return QStringLiteral("timeout");
    case ErrorKind::Local: return QStringLiteral("local");
    }
    return QStringLiteral("local");
}

QString Error::text() const
{
    QString out = message;
    if (!where.isEmpty())
        out += QStringLiteral(" (%1)").arg(where);
    if (!serverWords.isEmpty())
        out += QStringLiteral("\nThe server said: %1").arg(serverWords);
    return out;
}

int exitCodeFor(ErrorKind kind)
{
    switch (kind) {
    case ErrorKind::Invalid: return 64;
    case ErrorKind::Cancelled: return 4;
    case ErrorKind::Network: return 10;
    case ErrorKind::Tls: return 11;
    case ErrorKind::Auth: return 12;
    case ErrorKind::Forbidden: return 13;
    case ErrorKind::NotFound: return 14;
    case ErrorKind::Conflict: return 15;
    case ErrorKind::RateLimited: return 16;
    case ErrorKind::Server: return 17;
    case ErrorKind::Timeout: return 18;
    case ErrorKind::Local: return 19;
    }
    return 70;
}

} // namespace faultline::domain
