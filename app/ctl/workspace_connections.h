// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/ctl/connections.h"
#include "services/settings/workspace.h"

#include <QObject>

#include <memory>
#include <optional>

namespace faultline::ctl {

/// The real servers of a workspace: read from a file, or from the environment when none is named.
/// Create and destroy it on the service thread.
class WorkspaceConnections : public Connections
{
public:
    /// `workspaceFile` may be empty; `tokenFile`, if any, replaces the workspace's GitLab token.
    WorkspaceConnections(QString workspaceFile, QString tokenFile);
    ~WorkspaceConnections() override;

    [[nodiscard]] domain::Result<void> check() override;
    [[nodiscard]] domain::Result<stacks::StackBackend *> stacks() override;
    [[nodiscard]] domain::Result<ci::CiBackend *> ci() override;
    [[nodiscard]] domain::Result<QString> triggerToken() override;
    [[nodiscard]] QString workspaceName() override;
    [[nodiscard]] QString stacksUrl() override;
    [[nodiscard]] QString ciUrl() override;

private:
    [[nodiscard]] const domain::Result<settings::Workspace> &workspace();
    void onServiceThread(const std::function<void()> &action);

    QString m_workspaceFile;
    QString m_tokenFile;
    QObject m_service; ///< whose thread the backends live on
    std::optional<domain::Result<settings::Workspace>> m_workspace;
    std::optional<domain::Result<settings::Secrets>> m_ciSecrets;
    std::unique_ptr<stacks::StackBackend> m_stacks;
    std::unique_ptr<ci::CiBackend> m_ci;
};

} // namespace faultline::ctl
