// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/frame/health_text.h"

#include <QCoreApplication>
#include <QLocale>

namespace faultline::views {

using Kind = domain::FeedHealth::Kind;

namespace {

QString tr(const char *text)
{
    return QCoreApplication::translate("HealthText", text);
}

QString clock(const QDateTime &utc, const QDateTime &now)
{
    const QDateTime local = utc.toLocalTime();
    if (local.date() == now.toLocalTime().date())
        return local.toString(QStringLiteral("HH:mm:ss"));
    return QLocale().toString(local, QStringLiteral("d MMM HH:mm"));
}

QString stateSentence(const domain::FeedHealth &health)
{
    switch (health.kind) {
    case Kind::Connecting:
        return tr("Connecting; nothing was received yet.");
    case Kind::Live:
        return tr("Live: the server pushes every change.");
    case Kind::Polling:
        return tr("Polling: read every %1 s.").arg((health.pollIntervalMs + 500) / 1000);
    case Kind::Stale:
        return tr("Stale: the connection is lost and is being retried. What you see is the last "
                  "known state.");
    case Kind::Refused:
        break;
    }
    return tr("Refused: nothing is sent until you retry. What you see is the last known state.");
}

QString nextAttempt(const domain::FeedHealth &health, const QDateTime &now)
{
    if (health.kind == Kind::Refused)
        return tr("when you press Retry now");
    if (health.kind != Kind::Stale)
        return {};
    if (!health.nextAttempt.isValid() || health.nextAttempt <= now)
        return tr("under way");
    return tr("in %1 s").arg(qMax<qint64>(1, now.secsTo(health.nextAttempt)));
}

} // namespace

QString healthWords(const domain::FeedHealth &health, const QDateTime &now)
{
    switch (health.kind) {
    case Kind::Connecting:
        return tr("connecting");
    case Kind::Live:
        return tr("live");
    case Kind::Polling:
        return tr("polling %1 s").arg((health.pollIntervalMs + 500) / 1000);
    case Kind::Stale:
        return health.since.isValid() ? tr("stale since %1").arg(clock(health.since, now))
                                      : tr("not reached yet");
    case Kind::Refused:
        break;
    }
    return health.error ? tr("refused: %1").arg(health.error->message) : tr("refused");
}

Token healthToken(const domain::FeedHealth &health)
{
    switch (health.kind) {
    case Kind::Connecting:
        return Token::Faint;
    case Kind::Live:
    case Kind::Polling:
        return Token::Ok;
    case Kind::Stale:
        return Token::Warning;
    case Kind::Refused:
        break;
    }
    return Token::Failed;
}

bool isWell(const domain::FeedHealth &health)
{
    return health.kind == Kind::Live || health.kind == Kind::Polling
        || health.kind == Kind::Connecting;
}

QList<Fact> healthFacts(const domain::FeedHealth &health, const QDateTime &now)
{
    QList<Fact> facts;
    facts.append({ tr("State"), stateSentence(health) });
    if (health.since.isValid())
        facts.append({ tr("Since"), clock(health.since, now), false, "",
            health.since.toLocalTime().toString(Qt::ISODate) });
    if (health.error) {
        facts.append({ tr("Error"), health.error->message, false, "failed" });
        if (health.error->status > 0)
            facts.append({ tr("Answer"), tr("HTTP %1").arg(health.error->status) });
        facts.append({ tr("Where"), health.error->where, true });
        facts.append({ tr("Server says"), health.error->serverWords, true });
    }
    facts.append({ tr("Next attempt"), nextAttempt(health, now) });
    return facts;
}

} // namespace faultline::views
