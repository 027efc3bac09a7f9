// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/settings/server_url.h"
#include "services/settings/workspace.h"

#include <QtGlobal>

#include <initializer_list>

namespace faultline::settings {

namespace {

/// The first of these variables that is set and not empty; null when none is.
const char *firstSet(std::initializer_list<const char *> names)
{
    for (const char *name : names) {
        if (!qEnvironmentVariableIsEmpty(name))
            return name;
    }
    return nullptr;
}

QString valueOf(std::initializer_list<const char *> names)
{
    const char *name = firstSet(names);
    return name ? qEnvironmentVariable(name) : QString();
}

SecretReference referenceTo(std::initializer_list<const char *> names)
{
    const char *name = firstSet(names);
    return name ? SecretReference{ QStringLiteral("env:") + QLatin1StringView(name) }
                : SecretReference{};
}

std::optional<GitLabSettings> gitlabFromEnvironment()
{
    GitLabSettings out;
    out.url = serverAddress(valueOf({ "FAULTLINE_GITLAB_URL", "CI_SERVER_URL" })).origin;
    if (!out.url.isValid())
        return std::nullopt;
    out.project = valueOf({ "FAULTLINE_GITLAB_PROJECT", "CI_PROJECT_PATH" });
    out.token = referenceTo({ "FAULTLINE_GITLAB_TOKEN" });
    // A job's own token is for the job's own server only.
    if (out.token.text.isEmpty() && !firstSet({ "FAULTLINE_GITLAB_URL" })) {
        out.token = referenceTo({ "CI_JOB_TOKEN" });
        out.isJobToken = !out.token.text.isEmpty();
    }
    out.triggerToken = referenceTo({ "FAULTLINE_TRIGGER_TOKEN" });
    out.caFile = valueOf({ "FAULTLINE_GITLAB_CA_FILE", "CI_SERVER_TLS_CA_FILE" });
    return out;
}

std::optional<RancherSettings> rancherFromEnvironment()
{
    RancherSettings out;
    const ServerAddress address
        = serverAddress(valueOf({ "FAULTLINE_RANCHER_URL", "RANCHER_URL" }));
    if (!address.origin.isValid())
        return std::nullopt;
    out.url = address.origin;
    out.project = valueOf({ "FAULTLINE_RANCHER_PROJECT", "RANCHER_ENVIRONMENT" });
    if (out.project.isEmpty())
        out.project = address.rancherProject;
    out.accessKey = referenceTo({ "FAULTLINE_RANCHER_ACCESS_KEY", "RANCHER_ACCESS_KEY" });
    out.secretKey = referenceTo({ "FAULTLINE_RANCHER_SECRET_KEY", "RANCHER_SECRET_KEY" });
    out.caFile = valueOf({ "FAULTLINE_RANCHER_CA_FILE" });
    return out;
}

} // namespace

Workspace workspaceFromEnvironment()
{
    Workspace out;
    out.name = QStringLiteral("environment");
    out.gitlab = gitlabFromEnvironment();
    out.rancher = rancherFromEnvironment();
    return out;
}

} // namespace faultline::settings
