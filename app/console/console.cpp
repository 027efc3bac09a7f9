// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/console/console.h"

#include "app/console/lab_process.h"
#include "app/console/open_workspace.h"
#include "app/console/sample_push.h"
#include "views/frame/top_bar.h"
#include "views/frame/welcome_page.h"

#include <QFileDialog>
#include <QFileInfo>
#include <QMenu>
#include <QStandardPaths>
#include <QtConcurrentRun>

namespace faultline::console {

Console::Console(views::Theme &theme, QObject *parent)
    : QObject(parent)
    , m_theme(theme)
    , m_window(theme)
{
    connect(&m_reading, &QFutureWatcherBase::finished, this, &Console::finishReading);
    connect(&m_window.topBar().workspaceMenu(), &QMenu::aboutToShow, this, &Console::fillMenu);
    fillMenu();
}

Console::~Console()
{
    m_reading.waitForFinished();
    close();
}

void Console::show()
{
    m_window.setWorkspace({}, {});
    welcome().showChoice();
    m_window.show();
}

views::WelcomePage &Console::welcome()
{
    if (!m_welcome) {
        m_welcome = new views::WelcomePage(m_theme);
        connect(m_welcome, &QObject::destroyed, this, [this] { m_welcome = nullptr; });
        connect(m_welcome, &views::WelcomePage::labChosen, this, &Console::useLab);
        connect(m_welcome, &views::WelcomePage::fileChosen, this, &Console::chooseFile);
        connect(m_welcome, &views::WelcomePage::cancelled, this, [this] {
            m_sample.reset();
            m_lab.reset();
            m_file.clear();
            welcome().showChoice();
        });
        m_window.showWelcome(m_welcome);
    }
    return *m_welcome;
}

void Console::fillMenu()
{
    QMenu &menu = m_window.topBar().workspaceMenu();
    menu.clear();
    menu.addAction(tr("Open a workspace file…"), this, &Console::chooseFile);
    menu.addAction(tr("Use the lab on this machine"), this, &Console::useLab);
    menu.addSeparator();
    const bool dark = m_theme.scheme() == views::Theme::Scheme::Dark;
    menu.addAction(dark ? tr("Light theme") : tr("Dark theme"), this, [this, dark] {
        m_theme.setScheme(dark ? views::Theme::Scheme::Light : views::Theme::Scheme::Dark);
    });
}

void Console::chooseFile()
{
    const QString folder = QStandardPaths::writableLocation(QStandardPaths::GenericConfigLocation)
        + QStringLiteral("/faultline");
    auto *dialog = new QFileDialog(
        &m_window, tr("Open a workspace file"), folder, tr("Workspaces (*.yaml *.yml)"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::ExistingFile);
    connect(dialog, &QFileDialog::fileSelected, this, &Console::openFile);
    dialog->open();
}

Console::ReadingResult Console::read(const QString &path)
{
    const domain::Result<settings::Workspace> workspace = settings::readWorkspace(path);
    if (!workspace)
        return domain::failure(workspace.error());
    const domain::Result<settings::Secrets> secrets = settings::resolveSecrets(*workspace);
    if (!secrets)
        return domain::failure(secrets.error());
    return Reading{ *workspace, *secrets };
}

void Console::openFile(const QString &path)
{
    close();
    m_file = QFileInfo(path).absoluteFilePath();
    welcome().showProgress(tr("Opening the workspace"), m_file);
    m_reading.setFuture(QtConcurrent::run(&Console::read, m_file));
}

void Console::finishReading()
{
    if (m_file.isEmpty())
        return; // cancelled meanwhile
    const ReadingResult result = m_reading.result();
    if (result)
        open(*result);
    else
        showError(result.error());
}

void Console::open(const Reading &reading)
{
    m_workspace
        = std::make_unique<OpenWorkspace>(m_theme, m_window, reading.workspace, reading.secrets);
    m_window.showPages();
    m_workspace->start();
    Q_EMIT opened();
}

void Console::close()
{
    if (m_workspace) {
        m_workspace.reset();
        m_window.setWorkspace({}, {});
    }
}

void Console::useLab()
{
    close();
    m_sample.reset();
    welcome().showProgress(tr("Starting the lab"), LabProcess::stateFolder());
    m_lab = std::make_unique<LabProcess>();
    connect(m_lab.get(), &LabProcess::progressed, this,
        [this](const QString &line) { welcome().showProgress(tr("Starting the lab"), line); });
    connect(m_lab.get(), &LabProcess::ready, this, &Console::fillLab);
    connect(m_lab.get(), &LabProcess::failed, this, &Console::showError);
    connect(m_lab.get(), &LabProcess::died, this,
        [this](const domain::Error &error) { m_window.notifyFailure(error.text()); });
    m_lab->start();
}

/// A lab without the sample cases is still a lab: its workspace is opened in any case.
void Console::fillLab(const QString &workspaceFile)
{
    welcome().showProgress(tr("Starting the lab"), tr("Looking for the sample cases"));
    m_sample = std::make_unique<SamplePush>(LabProcess::stateFolder());
    connect(m_sample.get(), &SamplePush::finished, this, [this, workspaceFile](bool pushed) {
        if (pushed)
            m_window.notify(tr("The sample cases are in the lab: press N on the Runs page."));
        openFile(workspaceFile);
    });
    connect(m_sample.get(), &SamplePush::failed, this,
        [this, workspaceFile](const domain::Error &error) {
            m_window.notifyFailure(error.text());
            openFile(workspaceFile);
        });
    m_sample->start();
}

void Console::showError(const domain::Error &error)
{
    welcome().showError(error);
    Q_EMIT failed(error);
}

} // namespace faultline::console
