// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/runs_model.h"
#include "models/stack_tree_model.h"
#include "services/session/session.h"
#include "services/settings/workspace.h"
#include "views/theme/theme.h"

#include <QObject>
#include <QSettings>

#include <memory>

namespace faultline::views {
class HealthPill;
class MainWindow;
class RunsPage;
class StacksPage;
} // namespace faultline::views

namespace faultline::console {

/// One open workspace in the window: its session, its models and its pages. Destroying it takes all
/// of them away.
class OpenWorkspace : public QObject
{
    Q_OBJECT

public:
    OpenWorkspace(const views::Theme &theme, views::MainWindow &window,
        const settings::Workspace &workspace, settings::Secrets secrets);
    ~OpenWorkspace() override;

    void start();
    /// True when the pages show rows that a server sent.
    [[nodiscard]] bool hasRuns() const;
    [[nodiscard]] bool hasStacks() const;
    /// The run whose log is the most telling: one that runs, else the newest that has started;
    /// empty when none has.
    [[nodiscard]] domain::JobId tellingJob() const;
    void openLog(domain::JobId id);
    [[nodiscard]] int jobCount() const;
    [[nodiscard]] const models::StackTreeModel &stacks() const { return *m_stacks; }

private:
    void addRuns();
    void addStacks();
    void connectHealth();

    const views::Theme &m_theme;
    views::MainWindow &m_window;
    settings::Workspace m_workspace;
    std::unique_ptr<session::Session> m_session;
    std::unique_ptr<models::RunsModel> m_runs;
    std::unique_ptr<models::StackTreeModel> m_stacks;
    views::RunsPage *m_runsPage = nullptr;
    views::StacksPage *m_stacksPage = nullptr;
    QSettings m_layout;
};

} // namespace faultline::console
