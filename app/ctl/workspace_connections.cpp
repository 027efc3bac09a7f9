// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/workspace_connections.h"

#include "app/ctl/text.h"
#include "services/ci/gitlab/gitlab_backend.h"
#include "services/stacks/rancher/rancher_backend.h"

#include <QFileInfo>
#include <QThread>

#include <iostream>

namespace faultline::ctl {

using domain::ErrorKind;

namespace {

void noteAcceptedCertificate(const QUrl &server, const QString &fingerprint)
{
    if (fingerprint.isEmpty())
        return;
    const QString note = Text::tr("Note: the certificate of %1 is not verified; the workspace "
                                  "accepts the one with the SHA-256 fingerprint %2.");
    std::cerr << note.arg(server.host(), fingerprint).toStdString() << '\n';
}

} // namespace

WorkspaceConnections::WorkspaceConnections(QString workspaceFile, QString tokenFile)
    : m_workspaceFile(std::move(workspaceFile))
    , m_tokenFile(std::move(tokenFile))
{
}

WorkspaceConnections::~WorkspaceConnections() = default;

void WorkspaceConnections::onServiceThread(const std::function<void()> &action)
{
    QMetaObject::invokeMethod(&m_service, action, Qt::BlockingQueuedConnection);
}

const domain::Result<settings::Workspace> &WorkspaceConnections::workspace()
{
    if (!m_workspace) {
        m_workspace = m_workspaceFile.isEmpty()
            ? domain::Result<settings::Workspace>(settings::workspaceFromEnvironment())
            : settings::readWorkspace(m_workspaceFile);
        if (*m_workspace && (*m_workspace)->gitlab && !m_tokenFile.isEmpty())
            (*m_workspace)->gitlab->token.text
                = QStringLiteral("file:") + QFileInfo(m_tokenFile).absoluteFilePath();
    }
    return *m_workspace;
}

domain::Result<void> WorkspaceConnections::check()
{
    if (!workspace())
        return domain::failure(workspace().error());
    return {};
}

domain::Result<stacks::StackBackend *> WorkspaceConnections::stacks()
{
    if (m_stacks)
        return m_stacks.get();
    if (!workspace())
        return domain::failure(workspace().error());
    settings::Workspace wanted = *workspace();
    if (!wanted.rancher) {
        return domain::failure(ErrorKind::Invalid,
            Text::tr("No Rancher server is configured: give --workspace FILE with a \"rancher\" "
                     "part, or set "
                     "FAULTLINE_RANCHER_URL, FAULTLINE_RANCHER_ACCESS_KEY and "
                     "FAULTLINE_RANCHER_SECRET_KEY."));
    }
    // A broken GitLab token is no reason not to reach Rancher, and the other way round.
    wanted.gitlab.reset();
    const auto secrets = settings::resolveSecrets(wanted);
    if (!secrets)
        return domain::failure(secrets.error());
    noteAcceptedCertificate(wanted.rancher->url, wanted.rancher->trustedFingerprint);
    onServiceThread([&] {
        m_stacks = std::make_unique<stacks::RancherBackend>(
            *wanted.rancher, secrets->rancherAccessKey, secrets->rancherSecretKey);
    });
    return m_stacks.get();
}

domain::Result<ci::CiBackend *> WorkspaceConnections::ci()
{
    if (m_ci)
        return m_ci.get();
    if (!workspace())
        return domain::failure(workspace().error());
    settings::Workspace wanted = *workspace();
    if (!wanted.gitlab) {
        return domain::failure(ErrorKind::Invalid,
            Text::tr("No GitLab server is configured: give --workspace FILE with a \"gitlab\" "
                     "part, or set "
                     "FAULTLINE_GITLAB_URL, FAULTLINE_GITLAB_PROJECT and FAULTLINE_GITLAB_TOKEN."));
    }
    wanted.rancher.reset();
    m_ciSecrets = settings::resolveSecrets(wanted);
    if (!*m_ciSecrets)
        return domain::failure(m_ciSecrets->error());
    noteAcceptedCertificate(wanted.gitlab->url, wanted.gitlab->trustedFingerprint);
    onServiceThread([&] {
        m_ci = std::make_unique<ci::GitLabBackend>(*wanted.gitlab, (*m_ciSecrets)->gitlabToken);
    });
    return m_ci.get();
}

domain::Result<QString> WorkspaceConnections::triggerToken()
{
    if (const auto backend = ci(); !backend)
        return domain::failure(backend.error());
    return QString::fromUtf8((*m_ciSecrets)->triggerToken);
}

QString WorkspaceConnections::workspaceName()
{
    return workspace() ? workspace()->name : QString();
}

QString WorkspaceConnections::stacksUrl()
{
    return workspace() && workspace()->rancher ? workspace()->rancher->url.toDisplayString()
                                               : QString();
}

QString WorkspaceConnections::ciUrl()
{
    return workspace() && workspace()->gitlab ? workspace()->gitlab->url.toDisplayString()
                                              : QString();
}

} // namespace faultline::ctl
