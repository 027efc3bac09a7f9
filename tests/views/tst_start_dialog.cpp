// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/views/fake_ci.h"
#include "views/runs/runs_page.h"
#include "views/runs/start_dialog.h"
#include "views/runs/variable_table.h"
#include "views/widgets/banner.h"

#include <QComboBox>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QTest>

using namespace faultline;

class TestStartDialog : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();
    void offersBranchesAndTheSuitesOfTheChosenOne();
    void startSendsExactlyOneRequestWithWhatWasChosen();
    void anImpatientSecondClickSendsNothing();
    void previewFollowsWhatIsChosen();
    void refusalShowsTheServersWordsAndKeepsTheForm();
    void brokenSuitesFileIsShownWithItsPlace();
    void aNameGivenTwiceCanNotBeSent();

private:
    [[nodiscard]] QPushButton *startButton() const
    {
        return m_dialog->findChild<QPushButton *>(QStringLiteral("start"));
    }
    [[nodiscard]] QComboBox *choice() const { return m_dialog->findChildren<QComboBox *>().at(1); }
    void choose(const QString &buttonText, const QString &name);
    [[nodiscard]] qsizetype sent() const
    {
        const QMutexLocker lock(&m_script->mutex);
        return m_script->created.size();
    }

    std::shared_ptr<tests::CiScript> m_script;
    views::Theme m_theme;
    std::unique_ptr<session::Session> m_session;
    std::unique_ptr<views::StartDialog> m_dialog;
};

void TestStartDialog::init()
{
    m_script = std::make_shared<tests::CiScript>();
    session::Session::Factories factories;
    factories.ci = [script = m_script] { return std::make_unique<tests::FakeCi>(script); };
    m_session = std::make_unique<session::Session>(std::move(factories));
    m_dialog = std::make_unique<views::StartDialog>(
        m_theme, *m_session, [](const domain::PipelineRequest &request) {
            return QStringLiteral("%1 %2").arg(
                request.ref, request.variables.values().join(QLatin1Char(' ')));
        });
    m_dialog->show();
}

void TestStartDialog::cleanup()
{
    m_dialog.reset();
    m_session.reset();
}

void TestStartDialog::choose(const QString &buttonText, const QString &name)
{
    QTRY_COMPARE(choice()->count(), 2);
    const QList<QPushButton *> buttons = m_dialog->findChildren<QPushButton *>();
    for (QPushButton *button : buttons) {
        if (button->text() == buttonText)
            button->click();
    }
    QTRY_VERIFY(choice()->findText(name) >= 0);
    choice()->setCurrentText(name);
}

void TestStartDialog::offersBranchesAndTheSuitesOfTheChosenOne()
{
    QTRY_COMPARE(m_dialog->request().ref, QStringLiteral("main"));
    QTRY_COMPARE(choice()->count(), 2);
    QCOMPARE(choice()->itemText(1), QStringLiteral("resistance"));
    const QMutexLocker lock(&m_script->mutex);
    QCOMPARE(m_script->filesRead, QStringList{ QStringLiteral("suites.yaml@main") });
}

void TestStartDialog::startSendsExactlyOneRequestWithWhatWasChosen()
{
    choose(QStringLiteral("One case"), QStringLiteral("case-leader-shutdown"));
    m_dialog->findChild<views::VariableTable *>()->append(
        QStringLiteral("SEED"), QStringLiteral("7"));
    const QSignalSpy started(m_dialog.get(), &views::StartDialog::started);
    startButton()->click();
    QTRY_COMPARE(started.count(), 1);
    QCOMPARE(sent(), 1);
    domain::PipelineRequest wanted;
    wanted.ref = QStringLiteral("main");
    wanted.variables
        = { { QStringLiteral("FAULTLINE_CASE"), QStringLiteral("case-leader-shutdown") },
              { QStringLiteral("SEED"), QStringLiteral("7") } };
    QCOMPARE(m_script->created.first(), wanted);
    QVERIFY(!m_dialog->isVisible());
}

void TestStartDialog::anImpatientSecondClickSendsNothing()
{
    choose(QStringLiteral("A suite"), QStringLiteral("resistance"));
    const QSignalSpy started(m_dialog.get(), &views::StartDialog::started);
    startButton()->click();
    QVERIFY(!startButton()->isEnabled());
    startButton()->click();
    QTRY_COMPARE(started.count(), 1);
    QCOMPARE(sent(), 1);
}

void TestStartDialog::previewFollowsWhatIsChosen()
{
    choose(QStringLiteral("A suite"), QStringLiteral("resistance"));
    const QString preview = m_dialog->findChild<QPlainTextEdit *>()->toPlainText();
    QCOMPARE(preview, QStringLiteral("main resistance"));
}

void TestStartDialog::refusalShowsTheServersWordsAndKeepsTheForm()
{
    domain::Error refusal;
    refusal.kind = domain::ErrorKind::Invalid;
    refusal.message = QStringLiteral("The server refuses to make the pipeline.");
    refusal.serverWords = QStringLiteral("{\"message\":{\"base\":[\"Reference not found\"]}}");
    {
        const QMutexLocker lock(&m_script->mutex);
        m_script->refuseCreate = refusal;
    }
    choose(QStringLiteral("A suite"), QStringLiteral("resistance"));
    startButton()->click();
    auto *banner = m_dialog->findChild<views::Banner *>();
    QTRY_VERIFY(banner->isVisible());
    QVERIFY(banner->text().contains(refusal.serverWords));
    QVERIFY(m_dialog->isVisible());
    QVERIFY(startButton()->isEnabled());
}

void TestStartDialog::brokenSuitesFileIsShownWithItsPlace()
{
    {
        const QMutexLocker lock(&m_script->mutex);
        m_script->suites = "suites:\n  functions:\n    case: [kv-crud]\n";
    }
    auto *banner = m_dialog->findChild<views::Banner *>();
    QTRY_VERIFY(banner->isVisible());
    QVERIFY2(banner->text().contains(QStringLiteral("suites.yaml@main:3:5")),
        qPrintable(banner->text()));
}

void TestStartDialog::aNameGivenTwiceCanNotBeSent()
{
    choose(QStringLiteral("A suite"), QStringLiteral("resistance"));
    auto *variables = m_dialog->findChild<views::VariableTable *>();
    QVERIFY(startButton()->isEnabled());
    variables->append(QStringLiteral("A"), QStringLiteral("1"));
    QVERIFY(startButton()->isEnabled());
    variables->append(QStringLiteral("A"), QStringLiteral("2"));
    QVERIFY(!startButton()->isEnabled());
}

QTEST_MAIN(TestStartDialog)
#include "tst_start_dialog.moc"
