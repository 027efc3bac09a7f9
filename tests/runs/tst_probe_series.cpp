// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/runs/probe/probe_series.h"

#include <QTest>

using namespace faultline::runs;

class tst_probe_series : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void attemptsCountInTheSecondTheyWereDue();
    void anOutageRunsFromTheFirstFailureToTheNextAnswer();
    void anOutageThatNeverEndsCountsToTheLastAttempt();
    void quantilesAreWithinOnePercent();
};

void tst_probe_series::attemptsCountInTheSecondTheyWereDue()
{
    ProbeSeries series;
    // A stall: the attempt of second 0 ends after those of second 1.
    series.ended(1, { milliseconds(1'000), true, 2 });
    series.ended(2, { milliseconds(1'500), true, 4 });
    QVERIFY(series.seconds().empty());
    series.ended(0, { milliseconds(0), true, 1'900 });
    QCOMPARE(series.seconds().size(), std::size_t(1));
    series.close();
    QCOMPARE(series.seconds().size(), std::size_t(2));
    QCOMPARE(series.seconds()[0].ok, 1);
    QCOMPARE(series.seconds()[0].most, 1'900.0);
    QCOMPARE(series.seconds()[1].ok, 2);
    QCOMPARE(series.seconds()[1].p50, 2.0);
    QCOMPARE(series.seconds()[1].p99, 4.0);
    QCOMPARE(series.csv(),
        std::string("second,ok,failed,p50_ms,p99_ms,max_ms\n0,1,0,1900.000,1900.000,1900.000\n"
                    "1,2,0,2.000,4.000,4.000\n"));
}

void tst_probe_series::anOutageRunsFromTheFirstFailureToTheNextAnswer()
{
    ProbeSeries series;
    for (int i = 0; i < 10; ++i)
        series.ended(i, { milliseconds(100 * i), i < 3 || i > 6, 1 });
    series.close();
    QCOMPARE(series.outages().size(), std::size_t(1));
    QCOMPARE(series.outages()[0].begin, milliseconds(300));
    QVERIFY(series.outages()[0].end);
    QCOMPARE(*series.outages()[0].end, milliseconds(700));
    QCOMPARE(series.longestOutage(), milliseconds(400));
    QCOMPARE(series.okCount(), 6);
    QCOMPARE(series.failedCount(), 4);
}

void tst_probe_series::anOutageThatNeverEndsCountsToTheLastAttempt()
{
    ProbeSeries series;
    for (int i = 0; i < 5; ++i)
        series.ended(i, { milliseconds(1'000 * i), false, 0 });
    series.close();
    QVERIFY(!series.outages()[0].end);
    QCOMPARE(series.longestOutage(), milliseconds(4'000));
    QCOMPARE(series.seconds()[2].p99, 0.0);
}

void tst_probe_series::quantilesAreWithinOnePercent()
{
    LatencyHistogram histogram;
    QCOMPARE(histogram.quantile(0.5), 0.0);
    for (int i = 1; i <= 10'000; ++i)
        histogram.add(0.1 * i); // 0.1 … 1,000 ms
    for (const double quantile : { 0.01, 0.5, 0.9, 0.99, 1.0 }) {
        const double exact = 1'000 * quantile;
        const double measured = histogram.quantile(quantile);
        QVERIFY2(measured >= exact * 0.999 && measured <= exact * 1.0101,
            qPrintable(QStringLiteral("%1: %2").arg(quantile).arg(measured)));
    }
    QCOMPARE(histogram.count(), std::uint64_t(10'000));
}

QTEST_GUILESS_MAIN(tst_probe_series)
#include "tst_probe_series.moc"
