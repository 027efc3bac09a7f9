// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/net/rate_limits.h"

#include <QLocale>
#include <QTimeZone>

#include <algorithm>

namespace faultline::net {

namespace {

constexpr qint64 longestWait = 366LL * 24 * 3600;

std::optional<qint64> number(const QByteArray &text)
{
    bool ok = false;
    const qint64 value = text.trimmed().toLongLong(&ok);
    return ok && value >= 0 ? std::optional(value) : std::nullopt;
}

int count(const QByteArray &text)
{
    const std::optional<qint64> value = number(text);
    return value ? static_cast<int>(std::min<qint64>(*value, 1'000'000'000)) : -1;
}

std::optional<QDateTime> valid(const QDateTime &date)
{
    return date.isValid() ? std::optional(date) : std::nullopt;
}

/// On the server's clock. Small numbers are seconds from now, as newer proxies send them.
std::optional<QDateTime> resetOf(const HttpResponse &response, const QDateTime &serverNow)
{
    constexpr qint64 smallestDate = 1'000'000'000;
    constexpr qint64 largestDate = 253'402'300'799;
    const auto seconds = number(response.header("RateLimit-Reset"));
    if (seconds && *seconds < smallestDate)
        return serverNow.addSecs(std::min(*seconds, longestWait));
    if (seconds)
        return valid(QDateTime::fromSecsSinceEpoch(std::min(*seconds, largestDate), Qt::UTC));
    return valid(httpDate(response.header("RateLimit-ResetTime")));
}

} // namespace

QDateTime httpDate(const QByteArray &text)
{
    const QString cleaned = QString::fromLatin1(text).simplified();
    // The name of the day is left out: with a year of two digits Qt takes it for a contradiction.
    const QString withoutDay
        = cleaned.contains(u',') ? cleaned.section(u',', 1).trimmed() : cleaned;
    for (const QString &format :
        { QStringLiteral("dd MMM yyyy hh:mm:ss 'GMT'"), QStringLiteral("dd-MMM-yy hh:mm:ss 'GMT'"),
            QStringLiteral("ddd MMM d hh:mm:ss yyyy") }) {
        QDateTime date = QLocale::c().toDateTime(withoutDay, format);
        if (!date.isValid())
            continue;
        date.setTimeSpec(Qt::UTC);
        return date.date().year() < 1970 ? date.addYears(100) : date;
    }
    return {};
}

RateLimits rateLimitsOf(const HttpResponse &response, const QDateTime &now)
{
    RateLimits limits;
    limits.limit = count(response.header("RateLimit-Limit"));
    limits.remaining = count(response.header("RateLimit-Remaining"));

    const QDateTime serverNow = httpDate(response.header("Date"));
    const qint64 serverAhead = serverNow.isValid() ? now.secsTo(serverNow) : 0;
    limits.resetAt = resetOf(response, serverNow.isValid() ? serverNow : now);
    if (limits.resetAt)
        limits.resetAt = limits.resetAt->addSecs(-serverAhead);

    const QByteArray retryAfter = response.header("Retry-After");
    if (const auto seconds = number(retryAfter))
        limits.retryAt = now.addSecs(std::min(*seconds, longestWait));
    else if (const auto date = valid(httpDate(retryAfter)))
        limits.retryAt = std::max(now, date->addSecs(-serverAhead));
    return limits;
}

} // namespace faultline::net
