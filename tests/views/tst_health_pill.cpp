// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/frame/health_pill.h"
#include "views/frame/health_popup.h"
#include "views/frame/health_text.h"
#include "views/widgets/plain_label.h"

#include <QPushButton>
#include <QSignalSpy>
#include <QTest>

using namespace faultline;
using domain::FeedHealth;

namespace {

const QDateTime now(QDate(2026, 11, 23), QTime(14, 5, 0), Qt::UTC);

FeedHealth health(FeedHealth::Kind kind)
{
    FeedHealth out;
    out.kind = kind;
    return out;
}

domain::Error unauthorized()
{
    domain::Error error;
    error.kind = domain::ErrorKind::Auth;
    error.message = QStringLiteral("The server does not accept the token.");
    error.where = QStringLiteral("GET https://gitlab.invalid/api/v4/projects/1");
    error.status = 401;
    error.serverWords = QStringLiteral("<h1>401 Unauthorized</h1>");
    return error;
}

} // namespace

class TestHealthPill : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void eachStateHasItsWords();
    void staleNamesTheDayWhenItIsNotToday();
    void refusedSaysWhyInThePillAndTheServersWordsInTheDetails();
    void popupFollowsThePillAndAsksForARetry();
};

void TestHealthPill::eachStateHasItsWords()
{
    QCOMPARE(views::healthWords(health(FeedHealth::Kind::Connecting), now),
        QStringLiteral("connecting"));
    QCOMPARE(views::healthWords(health(FeedHealth::Kind::Live), now), QStringLiteral("live"));
    FeedHealth polling = health(FeedHealth::Kind::Polling);
    polling.pollIntervalMs = 12000;
    QCOMPARE(views::healthWords(polling, now), QStringLiteral("polling 12 s"));
    FeedHealth stale = health(FeedHealth::Kind::Stale);
    QCOMPARE(views::healthWords(stale, now), QStringLiteral("not reached yet"));
    stale.since = now.addSecs(-169);
    QCOMPARE(views::healthWords(stale, now),
        QStringLiteral("stale since %1")
            .arg(stale.since.toLocalTime().toString(QStringLiteral("HH:mm:ss"))));
    FeedHealth refused = health(FeedHealth::Kind::Refused);
    QCOMPARE(views::healthWords(refused, now), QStringLiteral("refused"));
    refused.error = unauthorized();
    QCOMPARE(views::healthWords(refused, now),
        QStringLiteral("refused: The server does not accept the token."));
}

void TestHealthPill::staleNamesTheDayWhenItIsNotToday()
{
    FeedHealth stale = health(FeedHealth::Kind::Stale);
    stale.since = now.addDays(-2);
    QVERIFY(views::healthWords(stale, now).contains(QStringLiteral("21")));
}

void TestHealthPill::refusedSaysWhyInThePillAndTheServersWordsInTheDetails()
{
    FeedHealth refused = health(FeedHealth::Kind::Refused);
    refused.error = unauthorized();
    QStringList values;
    const QList<views::Fact> facts = views::healthFacts(refused, now);
    for (const views::Fact &fact : facts)
        values.append(fact.value);
    QVERIFY(values.contains(refused.error->serverWords));
    QVERIFY(values.contains(QStringLiteral("HTTP 401")));
    QVERIFY(values.contains(refused.error->where));
}

void TestHealthPill::popupFollowsThePillAndAsksForARetry()
{
    views::Theme theme;
    views::HealthPill pill(theme, QStringLiteral("GitLab"));
    FeedHealth refused = health(FeedHealth::Kind::Refused);
    refused.error = unauthorized();
    pill.setHealth(refused);
    pill.show();
    QTest::mouseClick(&pill, Qt::LeftButton);
    auto *popup = pill.findChild<views::HealthPopup *>();
    QVERIFY(popup);
    const auto shows = [popup](const QString &text) {
        const QList<views::PlainLabel *> labels = popup->findChildren<views::PlainLabel *>();
        return std::any_of(labels.begin(), labels.end(), [&](const views::PlainLabel *label) {
            return !label->isHidden() && label->text() == text;
        });
    };
    QVERIFY(shows(QStringLiteral("<h1>401 Unauthorized</h1>")));
    const QSignalSpy retries(&pill, &views::HealthPill::retryRequested);
    QTest::mouseClick(popup->findChild<QPushButton *>(), Qt::LeftButton);
    QCOMPARE(retries.count(), 1);
    pill.setHealth(health(FeedHealth::Kind::Live));
    QVERIFY(!shows(QStringLiteral("<h1>401 Unauthorized</h1>")));
}

QTEST_MAIN(TestHealthPill)
#include "tst_health_pill.moc"
