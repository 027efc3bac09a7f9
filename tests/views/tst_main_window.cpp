// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/ci/gitlab/pipeline_request.h"
#include "tests/views/fake_ci.h"
#include "views/frame/dock.h"
#include "views/frame/future_page.h"
#include "views/frame/health_pill.h"
#include "views/frame/main_window.h"
#include "views/frame/top_bar.h"
#include "views/runs/runs_page.h"
#include "views/runs/runs_table.h"
#include "views/runs/start_dialog.h"
#include "views/widgets/plain_label.h"

#include <QApplication>
#include <QDir>
#include <QLabel>
#include <QPlainTextEdit>
#include <QSettings>
#include <QTemporaryDir>
#include <QTest>

using namespace faultline;
using views::Theme;

class TestMainWindow : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();
    void numbersWithControlSwitchPages();
    void dockHidesItselfWithItsLastTab();
    void layoutComesBack();
    void longReasonsDoNotPushTheBarApart();
    void noLabelInterpretsWhatAServerSays();
    void picturesInBothThemes();

private:
    void open(Theme::Scheme scheme);
    void save(const QString &name) const;

    std::shared_ptr<tests::CiScript> m_script;
    std::unique_ptr<Theme> m_theme;
    std::unique_ptr<session::Session> m_session;
    std::unique_ptr<models::RunsModel> m_model;
    std::unique_ptr<views::MainWindow> m_window;
    views::RunsPage *m_runs = nullptr;
};

void TestMainWindow::init()
{
    open(Theme::Scheme::Dark);
}

void TestMainWindow::open(Theme::Scheme scheme)
{
    m_script = std::make_shared<tests::CiScript>();
    m_theme = std::make_unique<Theme>(scheme);
    m_theme->apply(*qobject_cast<QApplication *>(QCoreApplication::instance()));
    session::Session::Factories factories;
    factories.ci = [script = m_script] { return std::make_unique<tests::FakeCi>(script); };
    m_session = std::make_unique<session::Session>(std::move(factories));
    m_model = std::make_unique<models::RunsModel>();
    m_model->apply(tests::sampleRuns(QDateTime::currentDateTimeUtc()));
    m_window = std::make_unique<views::MainWindow>(*m_theme);
    m_runs = new views::RunsPage(*m_theme, *m_model, *m_session,
        [](const domain::PipelineRequest &request) {
            return ci::gitlab::shownCreateRequest(QUrl(QStringLiteral("http://127.0.0.1:7480")),
                QStringLiteral("faultline/sample"), request);
        });
    m_window->addPage(m_runs);
    for (views::Page *page : views::FuturePage::all(*m_theme))
        m_window->addPage(page);
    m_window->setWorkspace(QStringLiteral("tidb-stability · lab-bj"), QColor(0xe0, 0x8a, 0x3a));
    domain::FeedHealth polling;
    polling.kind = domain::FeedHealth::Kind::Polling;
    polling.pollIntervalMs = 12000;
    m_window->topBar().addPill(QStringLiteral("GitLab"))->setHealth(polling);
    domain::FeedHealth stale;
    stale.kind = domain::FeedHealth::Kind::Stale;
    stale.since = QDateTime::currentDateTimeUtc().addSecs(-70);
    m_window->topBar().addPill(QStringLiteral("Rancher"))->setHealth(stale);
    m_runs->setHealth(polling);
    m_window->show();
    QVERIFY(QTest::qWaitForWindowActive(m_window.get()));
}

void TestMainWindow::cleanup()
{
    m_window.reset();
    m_model.reset();
    m_session.reset();
    m_theme.reset();
}

void TestMainWindow::numbersWithControlSwitchPages()
{
    QTest::keyClick(m_window.get(), Qt::Key_3, Qt::ControlModifier);
    QTRY_COMPARE(m_window->currentPage()->key(), QStringLiteral("scenes"));
    QTest::keyClick(m_window.get(), Qt::Key_1, Qt::ControlModifier);
    QTRY_COMPARE(m_window->currentPage()->key(), QStringLiteral("runs"));
}

void TestMainWindow::dockHidesItselfWithItsLastTab()
{
    views::Dock &dock = m_window->dock();
    QVERIFY(!dock.isVisible());
    dock.open({ QStringLiteral("job/1"), QStringLiteral("kv-crud / log"), QStringLiteral("log") },
        new QWidget);
    dock.open(
        { QStringLiteral("job/2"), QStringLiteral("node-shutdown / log"), QStringLiteral("log") },
        new QWidget);
    QVERIFY(dock.isVisible());
    QVERIFY(dock.activate(QStringLiteral("job/1")));
    QTest::keyClick(m_window.get(), Qt::Key_W, Qt::ControlModifier);
    QTRY_COMPARE(dock.keys(), QStringList{ QStringLiteral("job/2") });
    dock.close(QStringLiteral("job/2"));
    QVERIFY(!dock.isVisible());
}

void TestMainWindow::layoutComesBack()
{
    const QTemporaryDir folder;
    QSettings settings(folder.filePath(QStringLiteral("layout.ini")), QSettings::IniFormat);
    m_window->showPage(QStringLiteral("reports"));
    m_window->saveLayout(settings);
    m_window->showPage(QStringLiteral("runs"));
    m_window->restoreLayout(settings);
    QCOMPARE(m_window->currentPage()->key(), QStringLiteral("reports"));
}

void TestMainWindow::longReasonsDoNotPushTheBarApart()
{
    domain::FeedHealth refused;
    refused.kind = domain::FeedHealth::Kind::Refused;
    refused.error = domain::Error{ domain::ErrorKind::Auth, QString(400, QLatin1Char('x')), {}, 401,
        {}, false, {} };
    const int before = m_window->width();
    m_window->topBar().pills().first()->setHealth(refused);
    QCoreApplication::processEvents();
    QCOMPARE(m_window->width(), before);
    QVERIFY(m_window->topBar().pills().first()->width() < 500);
}

void TestMainWindow::noLabelInterpretsWhatAServerSays()
{
    m_runs->select(domain::JobId(14806));
    QTRY_COMPARE(m_runs->currentRow().name, QStringLiteral("<b>register</b>-<img src=x>"));
    bool shown = false;
    const QList<QLabel *> labels = m_window->findChildren<QLabel *>();
    for (const QLabel *label : labels) {
        QVERIFY2(label->text().isEmpty() || label->textFormat() == Qt::PlainText,
            qPrintable(label->text()));
        shown = shown || label->text().contains(QStringLiteral("<b>register</b>"));
    }
    QVERIFY(shown);
}

void TestMainWindow::save(const QString &name) const
{
    const QString folder = qEnvironmentVariable("FAULTLINE_PICTURES");
    const QImage image = m_window->grab().toImage();
    QVERIFY(!image.isNull());
    QVERIFY(image.pixelColor(image.width() - 4, image.height() - 4).isValid());
    if (!folder.isEmpty()) {
        QVERIFY(QDir().mkpath(folder));
        QVERIFY(image.save(folder + QLatin1Char('/') + name + QStringLiteral(".png")));
    }
}

void TestMainWindow::picturesInBothThemes()
{
    for (const auto scheme : { Theme::Scheme::Dark, Theme::Scheme::Light }) {
        m_theme->setScheme(scheme);
        const QString suffix
            = scheme == Theme::Scheme::Dark ? QStringLiteral("-dark") : QStringLiteral("-light");
        m_window->showPage(QStringLiteral("runs"));
        m_runs->select(domain::JobId(14804));
        auto *text = new QPlainTextEdit;
        m_window->dock().open({ QStringLiteral("job/4"), QStringLiteral("node-shutdown / log"),
                                  QStringLiteral("log") },
            text);
        QCoreApplication::processEvents();
        save(QStringLiteral("runs") + suffix);
        m_window->dock().closeAll();
        m_window->showPage(QStringLiteral("scenes"));
        QCoreApplication::processEvents();
        save(QStringLiteral("future") + suffix);
        m_window->showPage(QStringLiteral("runs"));
        m_window->activateWindow();
        QTRY_VERIFY(m_window->isActiveWindow());
        QTest::keyClick(m_runs->findChild<views::RunsTable *>(), Qt::Key_N);
        QTRY_VERIFY(m_window->findChild<views::StartDialog *>());
        auto *dialog = m_window->findChild<views::StartDialog *>();
        QTRY_VERIFY(!dialog->request().variables.isEmpty());
        const QString folder = qEnvironmentVariable("FAULTLINE_PICTURES");
        if (!folder.isEmpty())
            dialog->grab().save(
                folder + QStringLiteral("/start") + suffix + QStringLiteral(".png"));
        dialog->reject();
        QTRY_VERIFY(!m_window->findChild<views::StartDialog *>());
    }
}

QTEST_MAIN(TestMainWindow)
#include "tst_main_window.moc"
