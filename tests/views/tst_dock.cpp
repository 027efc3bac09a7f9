// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/frame/dock.h"
#include "views/frame/dock_window.h"

#include <QLabel>
#include <QPointer>
#include <QSignalSpy>
#include <QTabBar>
#include <QTest>
#include <QToolButton>

using namespace faultline;
using views::Dock;

namespace {
const QString first = QStringLiteral("job/1");
const QString second = QStringLiteral("job/2");
} // namespace

class TestDock : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup() { m_dock.reset(); }
    void aTabMovesToTheOtherHalfAndBack();
    void closingTheLastTabOfAHalfEndsTheSplit();
    void aDetachedTabKeepsItsContentAndComesBackWhenItsWindowIsClosed();
    void stateFollowsATabIntoItsWindow();
    void theDockIsNotWantedWhileAllTabsAreInWindows();
    void closingATabInAWindowEndsTheWindow();
    void aKeyThatIsGoneIsNoError();

private:
    [[nodiscard]] views::DockWindow *window() const
    {
        return m_dock->findChild<views::DockWindow *>();
    }

    views::Theme m_theme;
    std::unique_ptr<Dock> m_dock;
    QPointer<QLabel> m_content; ///< of the first tab
};

void TestDock::init()
{
    m_dock = std::make_unique<Dock>(m_theme);
    m_dock->resize(800, 300);
    m_content = new QLabel(QStringLiteral("one"));
    m_dock->open({ first, QStringLiteral("kv-crud / log"), QStringLiteral("log") }, m_content);
    m_dock->open({ second, QStringLiteral("bank / log"), QStringLiteral("log") },
        new QLabel(QStringLiteral("two")));
    m_dock->show();
}

void TestDock::aTabMovesToTheOtherHalfAndBack()
{
    QVERIFY(!m_dock->isSplit());
    m_dock->moveToOtherHalf(first);
    QVERIFY(m_dock->isSplit());
    QVERIFY2(m_content->isVisible(), "both halves show their tab");
    m_dock->moveToOtherHalf(first);
    QVERIFY(!m_dock->isSplit());
    QCOMPARE(m_dock->keys(), (QStringList{ second, first }));
    QVERIFY(m_content->isVisible());
}

void TestDock::closingTheLastTabOfAHalfEndsTheSplit()
{
    m_dock->moveToOtherHalf(first);
    m_dock->close(second);
    QVERIFY(!m_dock->isSplit());
    QVERIFY(m_dock->hasTabs());
    QVERIFY(m_content->isVisible());
    QTRY_VERIFY(m_content->width() > m_dock->width() / 2); // the other half takes the place
}

void TestDock::aDetachedTabKeepsItsContentAndComesBackWhenItsWindowIsClosed()
{
    m_dock->detach(first);
    QVERIFY(m_dock->isDetached(first));
    QVERIFY(window() && window()->isWindow() && window()->isVisible());
    QCOMPARE(m_content->window(), window());
    QVERIFY(m_content->isVisible());
    window()->close();
    QVERIFY(!m_dock->isDetached(first));
    QVERIFY2(!m_content.isNull(), "closing a window loses nothing");
    QCOMPARE(m_content->window(), m_dock.get());
    QTRY_VERIFY(!window());
}

void TestDock::stateFollowsATabIntoItsWindow()
{
    m_dock->detach(first);
    m_dock->setState(first, QStringLiteral("ended"));
    m_dock->attach(first);
    QStringList texts;
    for (const QTabBar *bar : m_dock->findChildren<QTabBar *>()) {
        for (int index = 0; index < bar->count(); ++index)
            texts.append(bar->tabText(index));
    }
    QVERIFY2(texts.contains(QStringLiteral("kv-crud / log   ended")), qPrintable(texts.join(u'|')));
}

void TestDock::theDockIsNotWantedWhileAllTabsAreInWindows()
{
    QSignalSpy wanted(m_dock.get(), &Dock::wanted);
    m_dock->detach(first);
    QCOMPARE(wanted.size(), 0);
    m_dock->detach(second);
    QCOMPARE(wanted.size(), 1);
    QCOMPARE(wanted.first().first().toBool(), false);
    QCOMPARE(m_dock->keys().size(), 2);
    m_dock->attach(second);
    QCOMPARE(wanted.last().first().toBool(), true);
}

void TestDock::closingATabInAWindowEndsTheWindow()
{
    m_dock->detach(first);
    QSignalSpy closed(m_dock.get(), &Dock::closed);
    m_dock->close(first);
    QCOMPARE(closed.size(), 1);
    QTRY_VERIFY(!window());
    QTRY_VERIFY(m_content.isNull());
    QCOMPARE(m_dock->keys(), QStringList{ second });
}

void TestDock::aKeyThatIsGoneIsNoError()
{
    const QString gone = QStringLiteral("job/9");
    m_dock->close(gone);
    m_dock->detach(gone);
    m_dock->attach(gone);
    m_dock->moveToOtherHalf(gone);
    m_dock->setState(gone, QStringLiteral("ended"));
    QVERIFY(!m_dock->activate(gone));
    QCOMPARE(m_dock->keys().size(), 2);
}

QTEST_MAIN(TestDock)
#include "tst_dock.moc"
