// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/runs/verdict_look.h"

#include <QCoreApplication>
#include <QLocale>

namespace faultline::views {

using models::Verdict;

namespace {
struct RunTimes
{
    Q_DECLARE_TR_FUNCTIONS(RunTimes)
};
} // namespace

Token tokenFor(Verdict verdict)
{
    switch (verdict) {
    case Verdict::Running:
        return Token::Accent;
    case Verdict::Pass:
        return Token::Ok;
    case Verdict::Fail:
        return Token::Failed;
    case Verdict::Infrastructure:
        return Token::Warning;
    case Verdict::Unknown:
        return Token::Unknown;
    case Verdict::Queued:
    case Verdict::Cancelled:
    case Verdict::Skipped:
    case Verdict::Manual:
        break;
    }
    return Token::Muted;
}

QString iconFor(Verdict verdict)
{
    switch (verdict) {
    case Verdict::Running:
        return QStringLiteral("verdict-running");
    case Verdict::Pass:
        return QStringLiteral("verdict-pass");
    case Verdict::Fail:
        return QStringLiteral("verdict-fail");
    case Verdict::Infrastructure:
        return QStringLiteral("verdict-warning");
    case Verdict::Queued:
        return QStringLiteral("verdict-queued");
    case Verdict::Cancelled:
        return QStringLiteral("verdict-canceled");
    case Verdict::Skipped:
        return QStringLiteral("verdict-skipped");
    case Verdict::Manual:
        return QStringLiteral("verdict-manual");
    case Verdict::Unknown:
        break;
    }
    return QStringLiteral("verdict-unknown");
}

const char *toneName(Verdict verdict)
{
    switch (tokenFor(verdict)) {
    case Token::Accent:
        return "accent";
    case Token::Ok:
        return "ok";
    case Token::Failed:
        return "failed";
    case Token::Warning:
        return "warning";
    case Token::Unknown:
        return "unknown";
    default:
        return "muted";
    }
}

QString durationText(qint64 ms)
{
    const qint64 seconds = ms / 1000;
    const auto two
        = [](qint64 value) { return QStringLiteral("%1").arg(value, 2, 10, QLatin1Char('0')); };
    if (seconds < 3600)
        return QStringLiteral("%1:%2").arg(seconds / 60).arg(two(seconds % 60));
    return RunTimes::tr("%1:%2 h").arg(seconds / 3600).arg(two(seconds / 60 % 60));
}

QString agoText(const QDateTime &utc, const QDateTime &now)
{
    if (!utc.isValid())
        return {};
    const qint64 seconds = qMax<qint64>(0, utc.secsTo(now));
    if (seconds < 60)
        return RunTimes::tr("%1 s ago").arg(seconds);
    if (seconds < 3600)
        return RunTimes::tr("%1 min ago").arg(seconds / 60);
    if (seconds < 24 * 3600)
        return RunTimes::tr("%1 h ago").arg(seconds / 3600);
    return QLocale().toString(utc.toLocalTime(), QStringLiteral("d MMM HH:mm"));
}

} // namespace faultline::views
