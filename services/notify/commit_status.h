// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/notify/delivery.h"

#include <QMap>

#include <optional>

namespace faultline::notify {

/// Whose commit is told what became of it. Never holds a secret: the token is asked for when it is
/// used.
struct StatusTarget
{
    enum class Kind { GitLab, GitHub };
    Kind kind = Kind::GitLab;
    QUrl origin; ///< "https://gitlab.example.org", "https://api.github.com"
    QString project; ///< "group/project" or a number; "owner/repository"
    QString sha;
    QString ref; ///< may be empty

    friend bool operator==(const StatusTarget &, const StatusTarget &) = default;
};

/// What a commit is told.
struct CommitStatus
{
    QString verdict; ///< "pending", or a run's verdict
    QString context; ///< "faultline/etcd-crud": a later status of the same context replaces it
    QString description;
    QString targetUrl; ///< may be empty
};

/// The upstream of this job: FAULTLINE_UPSTREAM_PROJECT, _SHA, _REF, _URL and _KIND (gitlab or
/// github); without them the commit that the CI job itself runs for. Nothing when neither is known.
[[nodiscard]] std::optional<StatusTarget> statusTarget(const QMap<QString, QString> &environment);

/// FAULTLINE_UPSTREAM_TOKEN, or FAULTLINE_GITLAB_TOKEN when the upstream is the job's own project.
/// Empty when there is none.
[[nodiscard]] QByteArray statusToken(
    const StatusTarget &target, const QMap<QString, QString> &environment);

/// The server's word for a verdict. GitLab: pending, success, failed, canceled. GitHub: pending,
/// success, failure, error.
[[nodiscard]] QString stateWord(StatusTarget::Kind kind, const QString &verdict);

/// The request that tells it (docs.gitlab.com/api/commits, "Set commit pipeline status";
/// docs.github.com/rest/commits/statuses).
[[nodiscard]] Delivery statusDelivery(
    const StatusTarget &target, const CommitStatus &status, const QByteArray &token);

/// Tells the commit. A status that it has already is no error (GitLab answers 400 then).
[[nodiscard]] domain::Result<void> postStatus(const StatusTarget &target,
    const CommitStatus &status, const QByteArray &token, std::chrono::milliseconds limit,
    const net::CancelToken &stop = {});

} // namespace faultline::notify
