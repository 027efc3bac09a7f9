// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/views/fake_ci.h"
#include "views/runs/runs_page.h"
#include "views/runs/runs_table.h"
#include "views/runs/start_dialog.h"
#include "views/runs/stop_question.h"
#include "views/widgets/plain_label.h"

#include <QLineEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QTest>

using namespace faultline;

class TestRunsPage : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();
    void stopAsksAndCancelsOnce();
    void stopNamesTheRunAndCanBeDeclined();
    void aRunThatIsBeingStoppedCanNotBeStoppedAgain();
    void retryRunsAgainOnce();
    void enterOpensTheLog();
    void nOpensTheStartForm();
    void lettersInTheSearchFieldAreText();
    void aStartedPipelineIsSelectedWhenItAppears();
    void chipsCountAndFilter();
    void emptyPageSaysWhatIsMissing();

private:
    void pressOnTable(Qt::Key key);
    void give(const ci::CiDelta &delta) { m_model->apply(delta); }
    [[nodiscard]] QPushButton *chip(const QString &word) const;

    std::shared_ptr<tests::CiScript> m_script;
    views::Theme m_theme;
    std::unique_ptr<session::Session> m_session;
    std::unique_ptr<models::RunsModel> m_model;
    std::unique_ptr<views::RunsPage> m_page;
};

void TestRunsPage::init()
{
    m_script = std::make_shared<tests::CiScript>();
    session::Session::Factories factories;
    factories.ci = [script = m_script] { return std::make_unique<tests::FakeCi>(script); };
    m_session = std::make_unique<session::Session>(std::move(factories));
    m_model = std::make_unique<models::RunsModel>();
    m_page
        = std::make_unique<views::RunsPage>(m_theme, *m_model, *m_session, views::RequestPreview());
    m_page->resize(1100, 700);
    m_page->show();
    m_page->activateWindow();
    QVERIFY(QTest::qWaitForWindowActive(m_page.get()));
    give(tests::sampleRuns(QDateTime::currentDateTimeUtc()));
}

void TestRunsPage::cleanup()
{
    m_page.reset();
    m_model.reset();
    m_session.reset();
}

void TestRunsPage::pressOnTable(Qt::Key key)
{
    auto *table = m_page->findChild<views::RunsTable *>();
    table->setFocus();
    QTest::keyClick(table, key);
}

QPushButton *TestRunsPage::chip(const QString &word) const
{
    const QList<QPushButton *> buttons = m_page->findChildren<QPushButton *>();
    for (QPushButton *button : buttons) {
        if (button->isCheckable() && button->text().startsWith(word))
            return button;
    }
    return nullptr;
}

void TestRunsPage::stopAsksAndCancelsOnce()
{
    m_page->select(domain::JobId(14801));
    pressOnTable(Qt::Key_S);
    auto *question = m_page->findChild<views::StopQuestion *>();
    QVERIFY(question);
    QCOMPARE(m_script->cancelledJobs.size(), 0);
    const QSignalSpy noticed(m_page.get(), &views::RunsPage::noticed);
    question->findChild<QPushButton *>(QStringLiteral("stop"))->click();
    QTRY_COMPARE(noticed.count(), 1);
    const QMutexLocker lock(&m_script->mutex);
    QCOMPARE(m_script->cancelledJobs, QList<domain::JobId>{ domain::JobId(14801) });
    QVERIFY(m_script->cancelledPipelines.isEmpty());
}

void TestRunsPage::stopNamesTheRunAndCanBeDeclined()
{
    m_page->select(domain::JobId(14802));
    pressOnTable(Qt::Key_S);
    auto *question = m_page->findChild<views::StopQuestion *>();
    QVERIFY(question);
    QVERIFY(question->findChild<views::PlainLabel *>()->text().contains(
        QStringLiteral("kv-kill-minority")));
    QTest::keyClick(question, Qt::Key_Return); // Enter is the safe answer
    QTRY_VERIFY(!m_page->findChild<views::StopQuestion *>());
    QCOMPARE(m_script->cancelledJobs.size(), 0);
}

void TestRunsPage::aRunThatIsBeingStoppedCanNotBeStoppedAgain()
{
    m_page->select(domain::JobId(14803));
    QCOMPARE(m_page->currentRow().verdictText, QStringLiteral("stopping"));
    pressOnTable(Qt::Key_S);
    QVERIFY(!m_page->findChild<views::StopQuestion *>());
}

void TestRunsPage::retryRunsAgainOnce()
{
    m_page->select(domain::JobId(14804));
    const QSignalSpy noticed(m_page.get(), &views::RunsPage::noticed);
    pressOnTable(Qt::Key_R);
    QTRY_COMPARE(noticed.count(), 1);
    const QMutexLocker lock(&m_script->mutex);
    QCOMPARE(m_script->retriedJobs, QList<domain::JobId>{ domain::JobId(14804) });
}

void TestRunsPage::enterOpensTheLog()
{
    m_page->select(domain::JobId(14804));
    const QSignalSpy logs(m_page.get(), &views::RunsPage::logRequested);
    pressOnTable(Qt::Key_Return);
    QCOMPARE(logs.count(), 1);
    QCOMPARE(logs.first().first().value<domain::JobId>(), domain::JobId(14804));
}

void TestRunsPage::nOpensTheStartForm()
{
    pressOnTable(Qt::Key_N);
    QVERIFY(m_page->findChild<views::StartDialog *>());
}

void TestRunsPage::lettersInTheSearchFieldAreText()
{
    auto *search = m_page->findChild<QLineEdit *>();
    search->setFocus();
    QTest::keyClicks(search, QStringLiteral("nsr"));
    QCOMPARE(search->text(), QStringLiteral("nsr"));
    QVERIFY(!m_page->findChild<views::StartDialog *>());
}

void TestRunsPage::aStartedPipelineIsSelectedWhenItAppears()
{
    m_page->select(domain::PipelineId(900));
    QVERIFY(m_page->currentRow().pipelineId != domain::PipelineId(900));
    ci::CiDelta delta;
    domain::Pipeline pipeline;
    pipeline.id = domain::PipelineId(900);
    pipeline.status = domain::CiStatus::Pending;
    delta.pipelines.added.append(pipeline);
    give(delta);
    QTRY_COMPARE(m_page->currentRow().pipelineId, domain::PipelineId(900));
}

void TestRunsPage::chipsCountAndFilter()
{
    QTRY_COMPARE(chip(QStringLiteral("failed"))->text(), QStringLiteral("failed  2"));
    chip(QStringLiteral("failed"))->click();
    auto *table = m_page->findChild<views::RunsTable *>();
    QCOMPARE(table->model()->rowCount(), 1);
    QCOMPARE(table->model()->rowCount(table->model()->index(0, 0)), 2);
}

void TestRunsPage::emptyPageSaysWhatIsMissing()
{
    m_page->findChild<QLineEdit *>()->setText(QStringLiteral("no such thing"));
    const QList<views::PlainLabel *> labels = m_page->findChildren<views::PlainLabel *>();
    QVERIFY(std::any_of(labels.begin(), labels.end(), [](const views::PlainLabel *label) {
        return label->isVisible() && label->text() == QStringLiteral("No run matches");
    }));
}

QTEST_MAIN(TestRunsPage)
#include "tst_runs_page.moc"
