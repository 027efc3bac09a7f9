// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/counted_words.h"
#include "tests/ctl/fake_stack_backend.h"
#include "views/stacks/stack_table.h"
#include "views/stacks/stacks_page.h"
#include "views/widgets/banner.h"
#include "views/widgets/stale_note.h"

#include <QDialog>
#include <QLineEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QTest>

using namespace faultline;
using models::StackTreeModel;
using views::StackVerb;

namespace {

domain::Lifecycle offering(const char *state, const QStringList &actions)
{
    domain::Lifecycle life = tests::life(state);
    life.actions = actions;
    return life;
}

stacks::StackDelta world()
{
    stacks::StackDelta delta;
    delta.stacks.isSnapshot = delta.services.isSnapshot = delta.containers.isSnapshot
        = delta.hosts.isSnapshot = true;
    const QStringList all{ QStringLiteral("activateservices"), QStringLiteral("remove"),
        QStringLiteral("update"), QStringLiteral("restart"), QStringLiteral("stop") };
    delta.stacks.added = { tests::stackNamed("1st1", "kv-crud", offering("active", all)),
        tests::stackNamed("1st2", "kept", offering("active", all)) };
    delta.services.added = { tests::serviceNamed("1s1", "1st1", "etcd", 3, offering("active", all)),
        tests::serviceNamed("1s2", "1st2", "etcd", 1, offering("active", {})) };
    delta.containers.added
        = { tests::containerNamed("1i1", "1st1", "1s1", "etcd-1", offering("running", all)),
              tests::containerNamed("1i2", "1st2", "1s2", "etcd-9", offering("running", all)) };
    delta.containers.added[0].labels.insert(QStringLiteral("faultline.job"), QStringLiteral("42"));
    delta.containers.added[1].labels.insert(
        QStringLiteral("faultline.scene"), QStringLiteral("yes"));
    return delta;
}

/// A page on a session with a backend in memory.
struct Fixture
{
    std::optional<domain::Error> failure; // how every verb ends
    tests::FakeStackBackend *backend = nullptr; // lives with the session; read after an answer came
    session::Session session{ session::Session::Factories{
        {}, [this] {
            auto made = std::make_unique<tests::FakeStackBackend>();
            made->failure = failure;
            const stacks::StackDelta delta = world();
            made->world = { delta.stacks.added, delta.services.added, delta.containers.added, {} };
            backend = made.get();
            return made;
        } } };
    views::Theme theme;
    StackTreeModel model;
    views::StacksPage page{ theme, model, session };
    QSignalSpy noticed{ &page, &views::StacksPage::noticed };

    explicit Fixture(std::optional<domain::Error> answer = {})
        : failure(std::move(answer))
    {
        model.apply(world());
        page.resize(1000, 600);
        page.show();
    }
    template <typename Id>
    void select(const char *id)
    {
        page.table()->setCurrentIndex(model.indexOf(Id(QString::fromLatin1(id))));
    }
    [[nodiscard]] QDialog *question() const { return page.findChild<QDialog *>(); }
};

} // namespace

class TestStacksPage : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void oneStartIsOneVerb()
    {
        Fixture fixture;
        fixture.select<domain::StackId>("1st1");
        fixture.page.run(StackVerb::Start);
        QTRY_COMPARE(fixture.noticed.size(), 1);
        QCOMPARE(fixture.backend->asked.size(), 1);
        QVERIFY2(fixture.backend->asked.first().contains(QStringLiteral("1st1")),
            qPrintable(fixture.backend->asked.first()));
    }

    void anyRowOfAStackLeadsToItsRun()
    {
        Fixture fixture;
        fixture.page.inspector()->setParent(&fixture.page); // as the frame does
        QSignalSpy wanted(&fixture.page, &views::StacksPage::runRequested);
        auto *button = fixture.page.inspector()->findChild<QPushButton *>(QStringLiteral("run"));
        fixture.select<domain::StackId>("1st1");
        QTRY_VERIFY(!button->parentWidget()->isHidden());
        QVERIFY2(button->toolTip().contains(QStringLiteral("42")), qPrintable(button->toolTip()));
        button->click();
        fixture.page.activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(&fixture.page));
        fixture.page.table()->setFocus();
        fixture.select<domain::ServiceId>("1s1");
        QTest::keyClick(fixture.page.table(), Qt::Key_R, Qt::ControlModifier);
        QCOMPARE(wanted.size(), 2);
        for (const QList<QVariant> &arguments : wanted)
            QCOMPARE(arguments.first().value<domain::JobId>(), domain::JobId(42));
        fixture.select<domain::StackId>("1st2"); // nobody knows who made it
        QTRY_VERIFY(button->parentWidget()->isHidden());
        QTest::keyClick(fixture.page.table(), Qt::Key_R, Qt::ControlModifier);
        QCOMPARE(wanted.size(), 2);
    }

    void anotherWindowIsArrangedLikeTheLast()
    {
        Fixture before;
        before.page.table()->sortByColumn(StackTreeModel::NameColumn, Qt::DescendingOrder);
        before.page.table()->setColumnWidth(StackTreeModel::StateColumn, 199);
        QCOMPARE(before.model.index(0, 0).data().toString(), QStringLiteral("kv-crud"));
        Fixture after;
        QCOMPARE(after.model.index(0, 0).data().toString(), QStringLiteral("kept"));
        after.page.arrange(before.page.arrangement());
        QCOMPARE(after.model.index(0, 0).data().toString(), QStringLiteral("kv-crud"));
        QCOMPARE(after.page.table()->columnWidth(StackTreeModel::StateColumn), 199);
        after.page.arrange("nonsense");
        QCOMPARE(after.page.table()->columnWidth(StackTreeModel::StateColumn), 199);
    }

    void removingAsksFirst()
    {
        Fixture fixture;
        fixture.select<domain::StackId>("1st1");
        fixture.page.run(StackVerb::Remove);
        QDialog *question = fixture.question();
        QVERIFY(question != nullptr);
        question->reject();
        QTRY_VERIFY(fixture.question() == nullptr);
        fixture.page.run(StackVerb::Remove);
        fixture.question()->findChild<QPushButton *>(QStringLiteral("act"))->click();
        QTRY_COMPARE(fixture.noticed.size(), 1);
        QCOMPARE(fixture.backend->asked, QStringList{ QStringLiteral("removeStack 1st1") });
    }

    void aSceneNeedsItsNameTyped()
    {
        Fixture fixture;
        fixture.select<domain::StackId>("1st2");
        fixture.page.run(StackVerb::Remove);
        QDialog *question = fixture.question();
        auto *act = question->findChild<QPushButton *>(QStringLiteral("act"));
        auto *name = question->findChild<QLineEdit *>();
        QVERIFY(!act->isEnabled());
        name->setText(QStringLiteral("kep"));
        QVERIFY(!act->isEnabled());
        name->setText(QStringLiteral("kept"));
        QVERIFY(act->isEnabled());
        act->click();
        QTRY_COMPARE(fixture.noticed.size(), 1);
        QCOMPARE(fixture.backend->asked, QStringList{ QStringLiteral("removeStack 1st2") });
    }

    void whatTheServerDoesNotOfferIsNotAsked()
    {
        Fixture fixture;
        fixture.select<domain::ServiceId>("1s2");
        fixture.page.run(StackVerb::Restart);
        fixture.page.scale(2);
        fixture.select<domain::StackId>("1st1");
        fixture.page.run(StackVerb::Start);
        QTRY_COMPARE(fixture.noticed.size(), 1);
        QCOMPARE(fixture.backend->asked.size(), 1);
    }

    void scalingToNothingAsksAndOthersDont()
    {
        Fixture fixture;
        fixture.select<domain::ServiceId>("1s1");
        fixture.page.scale(4);
        QTRY_COMPARE(fixture.noticed.size(), 1);
        QVERIFY(fixture.question() == nullptr);
        fixture.page.scale(0);
        QVERIFY(fixture.question() != nullptr);
        fixture.question()->accept();
        QTRY_COMPARE(fixture.noticed.size(), 2);
        QCOMPARE(fixture.backend->asked.size(), 2);
        fixture.page.scale(-1);
        QCOMPARE(fixture.backend->asked.size(), 2);
    }

    void aClickOnPlusScalesUp()
    {
        Fixture fixture;
        const QModelIndex service = fixture.model.indexOf(domain::ServiceId(QStringLiteral("1s1")));
        views::StackTable *table = fixture.page.table();
        QSignalSpy wanted(table, &views::StackTable::scaleRequested);
        const QRect cell = table->visualRect(service.siblingAtColumn(StackTreeModel::ScaleColumn));
        QVERIFY(cell.isValid());
        QTest::mouseClick(
            table->viewport(), Qt::LeftButton, {}, QPoint(cell.right() - 14, cell.center().y()));
        QCOMPARE(wanted.size(), 1);
        QCOMPARE(wanted.first().at(1).toInt(), 4);
        QTest::mouseClick(
            table->viewport(), Qt::LeftButton, {}, QPoint(cell.left() + 14, cell.center().y()));
        QCOMPARE(wanted.size(), 2);
        QCOMPARE(wanted.last().at(1).toInt(), 2);
    }

    void anErrorShowsTheServersWords()
    {
        domain::Error error;
        error.kind = domain::ErrorKind::Conflict;
        error.message = QStringLiteral("The stack is not in a state for this.");
        error.serverWords = QStringLiteral("InvalidState: nope");
        Fixture fixture(error);
        fixture.select<domain::StackId>("1st1");
        fixture.page.run(StackVerb::Start);
        auto *banner = fixture.page.findChild<views::Banner *>();
        QTRY_VERIFY(banner->isVisible());
        QVERIFY(banner->text().contains(QStringLiteral("InvalidState: nope")));
        QCOMPARE(fixture.noticed.size(), 0);
    }

    void aLostConnectionSaysOfWhenTheRowsAre()
    {
        Fixture fixture;
        auto *note = fixture.page.findChild<views::StaleNote *>();
        domain::FeedHealth health;
        health.kind = domain::FeedHealth::Kind::Live;
        health.since = QDateTime::currentDateTimeUtc();
        fixture.page.setHealth(health);
        QVERIFY(!note->isVisible());
        health.kind = domain::FeedHealth::Kind::Stale;
        health.since = QDateTime(QDate(2026, 3, 4), QTime(5, 6, 7), Qt::UTC);
        fixture.page.setHealth(health);
        QVERIFY(note->isVisible());
        QVERIFY2(note->text().contains(QStringLiteral("05:06")), qPrintable(note->text()));
        health.since = {}; // never reached: there are no rows that could be old
        fixture.page.setHealth(health);
        QVERIFY(!note->isVisible());
    }

    void countsAreWordsWithTheirPlurals()
    {
        Fixture fixture;
        const models::StackTreeModel::Content content = fixture.model.contentOf(
            fixture.model.indexOf(domain::StackId(QStringLiteral("1st1"))));
        QCOMPARE(content.services, 1);
        QCOMPARE(content.containers, 1);
        fixture.page.filterField()->setText(QStringLiteral("kept"));
        fixture.page.filterField()->clear();
        const QList<views::PlainLabel *> labels = fixture.page.findChildren<views::PlainLabel *>();
        QVERIFY(std::any_of(labels.begin(), labels.end(), [](const views::PlainLabel *label) {
            return label->text() == QStringLiteral("2 stacks · 2 services · 2 containers");
        }));
        QCOMPARE(models::stackWords(1), QStringLiteral("1 stack"));
    }

    void theFilterFindsAndEscapeGoesBack()
    {
        Fixture fixture;
        fixture.page.filterField()->setText(QStringLiteral("etcd-9"));
        QCOMPARE(fixture.model.rowCount(), 1);
        QVERIFY(fixture.model.indexOf(domain::ContainerId(QStringLiteral("1i2"))).isValid());
        fixture.page.select(domain::StackId(QStringLiteral("1st1")));
        QVERIFY(fixture.page.filterField()->text().isEmpty());
        QCOMPARE(fixture.page.table()->currentIndex().data().toString(), QStringLiteral("kv-crud"));
    }
};

QTEST_MAIN(TestStacksPage)
#include "tst_stacks_page.moc"
