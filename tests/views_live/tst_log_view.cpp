// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/logs/log_view.h"
#include "views/logs/search_bar.h"

#include <QLineEdit>
#include <QScrollBar>
#include <QSignalSpy>
#include <QTest>

using namespace faultline;

namespace {

QByteArray numbered(int from, int count)
{
    QByteArray out;
    for (int i = from; i < from + count; ++i)
        out += "line number " + QByteArray::number(i) + "\n";
    return out;
}

struct Fixture
{
    views::Theme theme;
    models::LogDocument document;
    models::LogSearch search{ document };
    views::LogView view{ theme, document, search };

    Fixture()
    {
        view.resize(600, 300);
        view.show();
    }
};

} // namespace

class TestLogView : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void itFollowsUntilSomebodyScrollsUp()
    {
        Fixture fixture;
        QScrollBar *bar = fixture.view.verticalScrollBar();
        fixture.document.append(numbered(0, 500));
        QVERIFY(bar->maximum() > 0);
        QCOMPARE(bar->value(), bar->maximum());
        bar->setValue(100);
        QVERIFY(!fixture.view.isFollowing());
        fixture.document.append(numbered(500, 500));
        QCOMPARE(bar->value(), 100);
        QTest::keyClick(&fixture.view, Qt::Key_End);
        QVERIFY(fixture.view.isFollowing());
        fixture.document.append(numbered(1000, 10));
        QCOMPARE(bar->value(), bar->maximum());
    }

    void reachingTheEndByHandFollowsAgain()
    {
        Fixture fixture;
        QScrollBar *bar = fixture.view.verticalScrollBar();
        fixture.document.append(numbered(0, 500));
        bar->setValue(0);
        QVERIFY(!fixture.view.isFollowing());
        bar->setValue(bar->maximum());
        QVERIFY(fixture.view.isFollowing());
    }

    void selectionCopiesWhatIsShown()
    {
        Fixture fixture;
        fixture.document.append("\x1b[31mred\x1b[0m one\na\ttab\nlast");
        QTest::keyClick(&fixture.view, Qt::Key_A, Qt::ControlModifier);
        QCOMPARE(fixture.view.selectedText(), QStringLiteral("red one\na       tab\nlast"));
    }

    void theMouseSelectsAcrossLines()
    {
        Fixture fixture;
        fixture.document.append(numbered(0, 5));
        QWidget *viewport = fixture.view.viewport();
        const int height = QFontMetrics(views::Theme::font(views::TextRole::Mono)).height() + 3;
        QTest::mousePress(viewport, Qt::LeftButton, {}, QPoint(0, height / 2));
        QTest::mouseMove(viewport, QPoint(590, height + height / 2));
        QTest::mouseRelease(viewport, Qt::LeftButton, {}, QPoint(590, height + height / 2));
        QCOMPARE(fixture.view.selectedText(), QStringLiteral("line number 0\nline number 1"));
    }

    void theSearchCountsAndSteps()
    {
        Fixture fixture;
        views::SearchBar bar(fixture.theme, fixture.search, fixture.view);
        fixture.document.append(numbered(0, 2000));
        bar.open();
        bar.findChild<QLineEdit *>()->setText(QStringLiteral("NUMBER 19"));
        QTRY_VERIFY(fixture.search.isComplete());
        QCOMPARE(fixture.search.hits().size(), 0U); // a capital asks for the exact case
        bar.findChild<QLineEdit *>()->setText(QStringLiteral("number 19"));
        QTRY_COMPARE(fixture.search.hits().size(), 111U);
        QTRY_COMPARE(bar.countText(), QStringLiteral("111 found"));
        fixture.view.verticalScrollBar()->setValue(0);
        bar.next();
        QCOMPARE(bar.countText(), QStringLiteral("1 of 111"));
        bar.next();
        QCOMPARE(bar.countText(), QStringLiteral("2 of 111"));
        QVERIFY(fixture.view.firstVisibleLine() > 100);
        bar.previous();
        bar.previous();
        QCOMPARE(bar.countText(), QStringLiteral("111 of 111"));
        fixture.document.append("number 19 again\n");
        QTRY_COMPARE(fixture.search.hits().size(), 112U);
        bar.close();
        QCOMPARE(fixture.search.hits().size(), 0U);
    }

    void hostileLinesArePaintedInBothSchemes()
    {
        Fixture fixture;
        fixture.document.append(QByteArray(300'000, 'x') + "\n" + QByteArray(3000, '\t') + "\n");
        fixture.document.append("\x1b[38;5;16mblack\x1b[48;5;231mwhite\x1b[8mhidden\n");
        QByteArray marks("z");
        for (int i = 0; i < 20'000; ++i)
            marks += "\xCC\x81";
        fixture.document.append(marks + "\n" + QByteArray(50, '\0') + "\n##faultline {\n");
        QTRY_VERIFY(fixture.document.lineCount() > 8);
        fixture.document.finish();
        for (const auto scheme : { views::Theme::Scheme::Light, views::Theme::Scheme::Dark }) {
            fixture.theme.setScheme(scheme);
            QVERIFY(!fixture.view.grab().isNull());
        }
    }
};

QTEST_MAIN(TestLogView)
#include "tst_log_view.moc"
