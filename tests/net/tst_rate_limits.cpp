// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/net/backoff.h"
#include "services/net/rate_limits.h"

#include <QTest>

using namespace faultline;
using namespace std::chrono_literals;

class TestRateLimits : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void readsHttpDates_data();
    void readsHttpDates();
    void readsRetryAfter_data();
    void readsRetryAfter();
    void readsRateLimitHeaders();
    void takesTheServersClockOut();
    void backoffDoublesUpToItsCap();
};

namespace {

const QDateTime now
    = QDateTime::fromSecsSinceEpoch(1'700'000'000, Qt::UTC); // Tue, 14 Nov 2023 22:13:20 GMT

net::HttpResponse responseWith(const QList<net::Header> &headers)
{
    net::HttpResponse response;
    response.headers = headers;
    return response;
}

} // namespace

void TestRateLimits::readsHttpDates_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<qint64>("seconds");
    QTest::newRow("usual") << QByteArray("Tue, 14 Nov 2023 22:13:20 GMT") << qint64(1'700'000'000);
    QTest::newRow("RFC 850") << QByteArray("Tuesday, 14-Nov-23 22:13:20 GMT")
                             << qint64(1'700'000'000);
    QTest::newRow("asctime") << QByteArray("Tue Nov 14 22:13:20 2023") << qint64(1'700'000'000);
    QTest::newRow("asctime, one digit")
        << QByteArray("Sun Nov  5 22:13:20 2023") << qint64(1'699'222'400);
    QTest::newRow("nonsense") << QByteArray("soon") << qint64(-1);
    QTest::newRow("empty") << QByteArray() << qint64(-1);
}

void TestRateLimits::readsHttpDates()
{
    QFETCH(QByteArray, text);
    const QDateTime date = net::httpDate(text);
    QTEST(date.isValid() ? date.toSecsSinceEpoch() : qint64(-1), "seconds");
}

void TestRateLimits::readsRetryAfter_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<qint64>("wait"); // seconds; -1: none
    QTest::newRow("seconds") << QByteArray("30") << qint64(30);
    QTest::newRow("zero") << QByteArray("0") << qint64(0);
    QTest::newRow("date") << QByteArray("Tue, 14 Nov 2023 22:14:00 GMT") << qint64(40);
    QTest::newRow("past date") << QByteArray("Tue, 14 Nov 2023 22:00:00 GMT") << qint64(0);
    QTest::newRow("negative") << QByteArray("-5") << qint64(-1);
    QTest::newRow("absurd") << QByteArray("9223372036854775807") << qint64(366LL * 86'400);
    QTest::newRow("nonsense") << QByteArray("a while") << qint64(-1);
}

void TestRateLimits::readsRetryAfter()
{
    QFETCH(QByteArray, text);
    const net::RateLimits limits
        = net::rateLimitsOf(responseWith({ net::Header("Retry-After", text) }), now);
    QTEST(limits.retryAt ? now.secsTo(*limits.retryAt) : qint64(-1), "wait");
}

void TestRateLimits::readsRateLimitHeaders()
{
    const net::RateLimits limits
        = net::rateLimitsOf(responseWith({ net::Header("ratelimit-limit", "600"),
                                net::Header("RateLimit-Remaining", "7"),
                                net::Header("RateLimit-Reset", "1700000060") }),
            now);
    QCOMPARE(limits.limit, 600);
    QCOMPARE(limits.remaining, 7);
    QCOMPARE(now.secsTo(limits.resetAt.value_or(now)), 60);

    const net::RateLimits byDate = net::rateLimitsOf(
        responseWith({ net::Header("RateLimit-ResetTime", "Tue, 14 Nov 2023 22:14:00 GMT") }), now);
    QCOMPARE(now.secsTo(byDate.resetAt.value_or(now)), 40);
    QCOMPARE(byDate.remaining, -1);

    const net::RateLimits bySeconds
        = net::rateLimitsOf(responseWith({ net::Header("RateLimit-Reset", "25") }), now);
    QCOMPARE(now.secsTo(bySeconds.resetAt.value_or(now)), 25);
}

void TestRateLimits::takesTheServersClockOut()
{
    // The server is an hour ahead of us: its "22 minutes past" is 60 s from now.
    const net::RateLimits limits
        = net::rateLimitsOf(responseWith({ net::Header("Date", "Tue, 14 Nov 2023 23:13:20 GMT"),
                                net::Header("Retry-After", "Tue, 14 Nov 2023 23:14:20 GMT"),
                                net::Header("RateLimit-Reset", "1700003660") }),
            now);
    QCOMPARE(now.secsTo(limits.retryAt.value_or(now)), 60);
    QCOMPARE(now.secsTo(limits.resetAt.value_or(now)), 60);
}

void TestRateLimits::backoffDoublesUpToItsCap()
{
    const net::Backoff backoff{ 500ms, 30'000ms };
    QCOMPARE(backoff.ceiling(0), 500ms);
    QCOMPARE(backoff.ceiling(3), 4'000ms);
    QCOMPARE(backoff.ceiling(6), 30'000ms);
    QCOMPARE(backoff.ceiling(1'000'000), 30'000ms);
    QCOMPARE(backoff.wait(3, 0.0), 0ms);
    QCOMPARE(backoff.wait(3, 0.5), 2'000ms);
    QVERIFY(backoff.wait(3, 0.999) < 4'000ms);
}

QTEST_GUILESS_MAIN(TestRateLimits)
#include "tst_rate_limits.moc"
