// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/natural_order.h"

#include <QTest>

using faultline::models::compareNaturally;

class TestNaturalOrder : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void ordersAsPeopleDo_data()
    {
        QTest::addColumn<QString>("a");
        QTest::addColumn<QString>("b");
        QTest::addColumn<int>("expected");
        const auto row = [](const char *a, const char *b, int expected) {
            QTest::addRow("%s %s", a, b)
                << QString::fromLatin1(a) << QString::fromLatin1(b) << expected;
        };
        row("tikv-2", "tikv-10", -1);
        row("tikv-10", "tikv-2", 1);
        row("a", "B", -1);
        row("Pd-1", "pd-1", 0);
        row("pd-01", "pd-1", 0);
        row("pd-1", "pd-1-a", -1);
        row("", "a", -1);
        row("", "", 0);
        row("a1b2", "a1b10", -1);
        row("99999999999999999999998", "99999999999999999999999", -1);
        row("x9", "xa", -1);
    }
    void ordersAsPeopleDo()
    {
        QFETCH(QString, a);
        QFETCH(QString, b);
        QFETCH(int, expected);
        const auto sign = [](int value) { return value < 0 ? -1 : (value > 0 ? 1 : 0); };
        QCOMPARE(sign(compareNaturally(a, b)), expected);
        QCOMPARE(sign(compareNaturally(b, a)), -expected);
    }
};

QTEST_GUILESS_MAIN(TestNaturalOrder)
#include "tst_natural_order.moc"
