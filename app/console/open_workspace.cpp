// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/console/open_workspace.h"

#include "services/ci/gitlab/pipeline_request.h"
#include "views/frame/dock.h"
#include "views/frame/future_page.h"
#include "views/frame/health_pill.h"
#include "views/frame/main_window.h"
#include "views/frame/top_bar.h"
#include "views/logs/log_panel.h"
#include "views/runs/runs_page.h"
#include "views/stacks/stacks_page.h"

#include <QColor>
#include <QCryptographicHash>

namespace faultline::console {

namespace {

/// A group name that any workspace name or path becomes without clashes.
QString layoutGroup(const settings::Workspace &workspace)
{
    const QByteArray identity = (workspace.name + QLatin1Char('\n') + workspace.file).toUtf8();
    return QStringLiteral("workspace-")
        + QString::fromLatin1(
            QCryptographicHash::hash(identity, QCryptographicHash::Sha256).toHex().left(16));
}

} // namespace

OpenWorkspace::OpenWorkspace(const views::Theme &theme, views::MainWindow &window,
    const settings::Workspace &workspace, settings::Secrets secrets)
    : m_theme(theme)
    , m_window(window)
    , m_workspace(workspace)
    , m_session(std::make_unique<session::Session>(workspace, std::move(secrets)))
    , m_runs(std::make_unique<models::RunsModel>())
    , m_stacks(std::make_unique<models::StackTreeModel>())
    , m_layout(QSettings::IniFormat, QSettings::UserScope, QStringLiteral("faultline"),
          QStringLiteral("console"))
{
    m_window.setWorkspace(m_workspace.name, QColor(m_workspace.colour));
    addRuns();
    addStacks();
    const QList<views::Page *> later = views::FuturePage::all(m_theme);
    for (views::Page *page : later)
        m_window.addPage(page);
    connectHealth();
    m_layout.beginGroup(layoutGroup(m_workspace));
    m_window.restoreLayout(m_layout);
}

OpenWorkspace::~OpenWorkspace()
{
    m_window.saveLayout(m_layout);
    m_window.clear(); // pages use the models and the session, so they go first
}

void OpenWorkspace::addRuns()
{
    const settings::GitLabSettings gitlab = m_workspace.gitlab.value_or(settings::GitLabSettings{});
    m_runsPage = new views::RunsPage(
        m_theme, *m_runs, *m_session, [gitlab](const domain::PipelineRequest &request) {
            return ci::gitlab::shownCreateRequest(gitlab.url, gitlab.project, request);
        });
    m_window.addPage(m_runsPage);
    connect(m_session.get(), &session::Session::ciChanged, m_runs.get(), &models::RunsModel::apply);
    connect(m_session.get(), &session::Session::stacksChanged, m_runs.get(),
        &models::RunsModel::applyStacks);
    connect(m_runsPage, &views::RunsPage::noticed, &m_window, &views::MainWindow::notify);
    connect(m_runsPage, &views::RunsPage::logRequested, this, &OpenWorkspace::openLog);
    connect(m_runsPage, &views::RunsPage::stackRequested, this, [this](const domain::StackId &id) {
        m_window.showPage(QStringLiteral("stacks"));
        m_stacksPage->select(id);
    });
}

void OpenWorkspace::addStacks()
{
    m_stacksPage = new views::StacksPage(m_theme, *m_stacks, *m_session);
    m_window.addPage(m_stacksPage);
    connect(m_session.get(), &session::Session::stacksChanged, m_stacks.get(),
        &models::StackTreeModel::apply);
    connect(m_stacksPage, &views::StacksPage::noticed, &m_window, &views::MainWindow::notify);
    connect(m_stacksPage, &views::StacksPage::runRequested, this, [this](domain::JobId id) {
        if (m_runsPage->select(id))
            m_window.showPage(QStringLiteral("runs"));
        else
            m_window.notify(
                tr("Job %1 made this stack; it is not among the newest runs.").arg(id.value()));
    });
}

void OpenWorkspace::connectHealth()
{
    if (m_session->hasCi()) {
        views::HealthPill *pill = m_window.topBar().addPill(tr("GitLab"));
        if (m_workspace.gitlab)
            pill->setAcceptedCertificate(m_workspace.gitlab->trustedFingerprint);
        connect(m_session.get(), &session::Session::ciHealthChanged, pill,
            &views::HealthPill::setHealth);
        connect(m_session.get(), &session::Session::ciHealthChanged, m_runsPage,
            &views::RunsPage::setHealth);
        connect(pill, &views::HealthPill::retryRequested, m_session.get(),
            &session::Session::refreshCi);
    }
    if (m_session->hasStacks()) {
        views::HealthPill *pill = m_window.topBar().addPill(tr("Rancher"));
        if (m_workspace.rancher)
            pill->setAcceptedCertificate(m_workspace.rancher->trustedFingerprint);
        connect(m_session.get(), &session::Session::stacksHealthChanged, pill,
            &views::HealthPill::setHealth);
        connect(pill, &views::HealthPill::retryRequested, m_session.get(),
            &session::Session::refreshStacks);
        connect(m_session.get(), &session::Session::stacksHealthChanged, m_stacksPage,
            &views::StacksPage::setHealth);
    }
}

void OpenWorkspace::start()
{
    m_session->start();
}

bool OpenWorkspace::hasRuns() const
{
    return m_runsPage->hasContent();
}

bool OpenWorkspace::hasStacks() const
{
    return m_stacksPage->hasContent();
}

int OpenWorkspace::jobCount() const
{
    int jobs = 0;
    for (int band = 0; band < m_runs->rowCount(); ++band)
        jobs += m_runs->rowCount(m_runs->index(band, 0));
    return jobs;
}

domain::JobId OpenWorkspace::tellingJob() const
{
    domain::JobId newest;
    for (int band = 0; band < m_runs->rowCount(); ++band) {
        const QModelIndex parent = m_runs->index(band, 0);
        for (int row = 0; row < m_runs->rowCount(parent); ++row) {
            const models::RunRow run = m_runs->row(m_runs->index(row, 0, parent));
            if (run.verdict == models::Verdict::Running)
                return run.jobId;
            if (newest.isEmpty() && run.startedAt.isValid())
                newest = run.jobId;
        }
    }
    return newest;
}

void OpenWorkspace::openLog(domain::JobId id)
{
    views::Dock &dock = m_window.dock();
    const QString key = QStringLiteral("job/%1").arg(id.value());
    m_runsPage->select(id);
    if (dock.activate(key))
        return;
    const models::RunRow run = m_runs->row(m_runs->indexOf(id));
    const QString title
        = tr("%1 / log").arg(run.name.isEmpty() ? QString::number(id.value()) : run.name);
    auto *panel = new views::LogPanel(m_theme, *m_session, id, title);
    dock.open({ key, title, QStringLiteral("log") }, panel);
    dock.setState(key, panel->stateText());
    connect(panel, &views::LogPanel::stateChanged, &dock,
        [&dock, key](const QString &state) { dock.setState(key, state); });
    connect(panel, &views::LogPanel::closeRequested, &dock, [&dock, key] { dock.close(key); });
}

} // namespace faultline::console
