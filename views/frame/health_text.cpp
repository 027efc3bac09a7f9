// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/frame/health_text.h"

#include <QCoreApplication>
#include <QLocale>

namespace faultline::views {

using Kind = domain::FeedHealth::Kind;

namespace {

struct HealthText
{
    Q_DECLARE_TR_FUNCTIONS(HealthText)
};

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
        return HealthText::tr("Connecting; nothing was received yet.");
    case Kind::Live:
        return HealthText::tr("Live: the server pushes every change.");
    case Kind::Polling:
        return HealthText::tr("Polling: read every %1 s.")
            .arg((health.pollIntervalMs + 500) / 1000);
    case Kind::Stale:
        return HealthText::tr(
            "Stale: the connection is lost and is being retried. What you see is the last "
            "known state.");
    case Kind::Refused:
        break;
    }
    return HealthText::tr(
        "Refused: nothing is sent until you retry. What you see is the last known state.");
}

QString nextAttempt(const domain::FeedHealth &health, const QDateTime &now)
{
    if (health.kind == Kind::Refused)
        return HealthText::tr("when you press Retry now");
    if (health.kind != Kind::Stale)
        return {};
    if (!health.nextAttempt.isValid() || health.nextAttempt <= now)
        return HealthText::tr("under way");
    return HealthText::tr("in %1 s").arg(qMax<qint64>(1, now.secsTo(health.nextAttempt)));
}

} // namespace

QString healthWords(const domain::FeedHealth &health, const QDateTime &now)
{
    switch (health.kind) {
    case Kind::Connecting:
        return HealthText::tr("connecting");
    case Kind::Live:
        return HealthText::tr("live");
    case Kind::Polling:
        return HealthText::tr("polling %1 s").arg((health.pollIntervalMs + 500) / 1000);
    case Kind::Stale:
        return health.since.isValid()
            ? HealthText::tr("stale since %1").arg(clock(health.since, now))
            : HealthText::tr("not reached yet");
    case Kind::Refused:
        break;
    }
    return health.error ? HealthText::tr("refused: %1").arg(health.error->message)
                        : HealthText::tr("refused");
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
    facts.append({ HealthText::tr("State"), stateSentence(health) });
    if (health.since.isValid())
        facts.append({ HealthText::tr("Since"), clock(health.since, now), false, "",
            health.since.toLocalTime().toString(Qt::ISODate) });
    if (health.error) {
        facts.append({ HealthText::tr("Error"), health.error->message, false, "failed" });
        if (health.error->status > 0)
            facts.append(
                { HealthText::tr("Answer"), HealthText::tr("HTTP %1").arg(health.error->status) });
        facts.append({ HealthText::tr("Where"), health.error->where, true });
        facts.append({ HealthText::tr("Server says"), health.error->serverWords, true });
    }
    facts.append({ HealthText::tr("Next attempt"), nextAttempt(health, now) });
    return facts;
}

} // namespace faultline::views
