// SPDX-License-Identifier: GPL-3.0-or-later
#include <QTest>

#include "services/lab/gitlab/api_time.h"
#include "services/lab/gitlab/cron_schedule.h"

using namespace faultline::lab;

class TestCronSchedule : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void theNextTimeIsFound_data();
    void theNextTimeIsFound();
    void whatIsNoCronIsRefused_data();
    void whatIsNoCronIsRefused();
    void zonesAreFoundByBothKindsOfNames();
};

void TestCronSchedule::theNextTimeIsFound_data()
{
    QTest::addColumn<QString>("cron");
    QTest::addColumn<QString>("zone");
    QTest::addColumn<QString>("after");
    QTest::addColumn<QString>("next");
    const auto row
        = [](const char *name, const char *cron, const char *zone, const char *after,
              const char *next) { QTest::newRow(name) << cron << zone << after << next; };
    row("every minute", "* * * * *", "UTC", "2026-11-23T08:00:00Z", "2026-11-23T08:01:00.000Z");
    row("within a minute", "5 8 * * *", "UTC", "2026-11-23T08:04:59Z", "2026-11-23T08:05:00.000Z");
    row("never the same moment", "5 8 * * *", "UTC", "2026-11-23T08:05:00Z",
        "2026-11-24T08:05:00.000Z");
    row("steps", "3-59/10 * * * *", "UTC", "2026-11-23T08:44:00Z", "2026-11-23T08:53:00.000Z");
    row("names", "0 4 * jan mon-wed", "UTC", "2026-11-23T08:00:00Z", "2027-01-04T04:00:00.000Z");
    row("Sunday is 0 and 7", "0 0 * * 7", "UTC", "2026-11-23T08:00:00Z",
        "2026-11-29T00:00:00.000Z");
    row("one of two kinds of days", "0 0 1 * fri", "UTC", "2026-11-23T08:00:00Z",
        "2026-11-27T00:00:00.000Z");
    row("@monthly", "@monthly", "UTC", "2026-11-23T08:00:00Z", "2026-12-01T00:00:00.000Z");
    row("29 February", "0 0 29 2 *", "UTC", "2026-11-23T08:00:00Z", "2028-02-29T00:00:00.000Z");
    row("winter in Berlin", "0 3 * * *", "Europe/Berlin", "2026-11-23T08:00:00Z",
        "2026-11-24T02:00:00.000Z");
    row("summer in Berlin", "0 3 * * *", "Europe/Berlin", "2026-07-01T08:00:00Z",
        "2026-07-02T01:00:00.000Z");
    row("far in the future", "0 3 * * *", "Europe/Berlin", "2045-07-01T08:00:00Z",
        "2045-07-02T01:00:00.000Z");
    row("the clocks jump over it", "30 2 * * *", "Europe/Berlin", "2026-03-28T12:00:00Z",
        "2026-03-30T00:30:00.000Z");
    row("it comes twice", "30 2 * * *", "Europe/Berlin", "2026-10-24T12:00:00Z",
        "2026-10-25T00:30:00.000Z");
    row("Rails' name", "0 9 * * *", "Pacific Time (US & Canada)", "2026-11-23T08:00:00Z",
        "2026-11-23T17:00:00.000Z");
    row("south of the equator", "0 9 * * *", "Sydney", "2026-12-23T08:00:00Z",
        "2026-12-23T22:00:00.000Z");
}

void TestCronSchedule::theNextTimeIsFound()
{
    QFETCH(QString, cron);
    QFETCH(QString, zone);
    QFETCH(QString, after);
    QFETCH(QString, next);
    const auto schedule = CronSchedule::parse(cron.toStdString());
    const auto place = TimeZone::load(zone.toStdString());
    const auto from = parseTime(after.toStdString());
    QVERIFY(schedule && place && from);
    const auto found = schedule->nextAfter(*from / 1000, *place);
    QVERIFY(found);
    QCOMPARE(timeText(*found * 1000), next.toStdString());
}

void TestCronSchedule::whatIsNoCronIsRefused_data()
{
    QTest::addColumn<QString>("cron");
    for (const char *cron : { "", "* * * *", "* * * * * *", "60 * * * *", "* 24 * * *", "* * 0 * *",
             "* * * 13 *", "* * * * 8", "5-1 * * * *", "a * * * *", "*/0 * * * *", "@sometimes" })
        QTest::newRow(*cron ? cron : "nothing") << cron;
}

void TestCronSchedule::whatIsNoCronIsRefused()
{
    QFETCH(QString, cron);
    QVERIFY(!CronSchedule::parse(cron.toStdString()));
}

void TestCronSchedule::zonesAreFoundByBothKindsOfNames()
{
    QVERIFY(TimeZone::load("Asia/Tokyo"));
    QVERIFY(TimeZone::load("Beijing"));
    QVERIFY(TimeZone::load("UTC"));
    QVERIFY(!TimeZone::load("Nowhere/City"));
    QVERIFY(!TimeZone::load("../../etc/passwd"));
    QVERIFY(!TimeZone::load("/etc/localtime"));
    QCOMPARE(TimeZone::load("Asia/Kolkata")->offsetAt(1'800'000'000), 19'800);
}

QTEST_GUILESS_MAIN(TestCronSchedule)
#include "tst_cron_schedule.moc"
