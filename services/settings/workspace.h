// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/domain/result.h"

#include <QString>
#include <QUrl>

#include <optional>

namespace faultline::settings {

/// Where a secret is, never the secret: "env:NAME", "file:/path" (mode 0600 or stricter) or
/// "keychain:entry".
struct SecretReference
{
    QString text;
    friend bool operator==(const SecretReference &, const SecretReference &) = default;
};

struct GitLabSettings
{
    QUrl url;
    QString project; ///< path ("group/project") or number
    SecretReference token;
    bool isJobToken = false; ///< `token` is that of the CI job this runs in: it may do little
    SecretReference triggerToken; ///< may be empty
    QString caFile;
    QString trustedFingerprint; ///< SHA-256 of the one certificate of this server that is accepted
                                ///< unverified; may be empty
};

struct RancherSettings
{
    QUrl url;
    QString project; ///< environment id ("1a5") or name; empty = the key's only one
    SecretReference accessKey;
    SecretReference secretKey;
    QString caFile;
    QString trustedFingerprint; ///< as of GitLabSettings
};

/// A workspace: one GitLab project and its stack backend. One YAML file each under the XDG config
/// folder.
struct Workspace
{
    QString name;
    QString file; ///< where it was read from, may be empty
    QString colour; ///< "#rrggbb", may be empty
    std::optional<GitLabSettings> gitlab;
    std::optional<RancherSettings> rancher;
};

/// Resolved secrets, in memory only.
struct Secrets
{
    QByteArray gitlabToken;
    QByteArray triggerToken;
    QByteArray rancherAccessKey;
    QByteArray rancherSecretKey;
};

/// Reads a workspace file. Errors (ErrorKind::Invalid) name file:line:column and the nearest known
/// key.
[[nodiscard]] domain::Result<Workspace> readWorkspace(const QString &path);
[[nodiscard]] domain::Result<Workspace> parseWorkspace(
    const QByteArray &yaml, const QString &nameForErrors);

/// A workspace from the environment of a CI job or a shell (docs/cli.md lists the variables):
/// FAULTLINE_GITLAB_URL or CI_SERVER_URL, FAULTLINE_GITLAB_PROJECT or CI_PROJECT_PATH,
/// FAULTLINE_GITLAB_TOKEN or, for the job's own server, CI_JOB_TOKEN; FAULTLINE_RANCHER_URL or RANCHER_URL, …_ACCESS_KEY, …_SECRET_KEY,
/// FAULTLINE_RANCHER_PROJECT or RANCHER_ENVIRONMENT.
[[nodiscard]] Workspace workspaceFromEnvironment();

/// Reads one secret; `key` and `file` are for messages, and relative paths count from the file's
/// folder. Empty for an empty reference. May wait for the keychain's own dialog. Errors: Invalid,
/// NotFound, Local, Timeout.
[[nodiscard]] domain::Result<QByteArray> resolveSecret(
    const SecretReference &reference, const QString &key, const QString &file);

/// Reads the secrets that the workspace refers to. May wait for the keychain's own dialog: not for
/// the UI thread.
[[nodiscard]] domain::Result<Secrets> resolveSecrets(const Workspace &workspace);

} // namespace faultline::settings
