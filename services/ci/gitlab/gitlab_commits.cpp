// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/ci/gitlab/gitlab_commits.h"

#include "services/ci/gitlab/gitlab_parse_details.h"

namespace faultline::ci::gitlab {

net::Call GitLabCommits::statuses(QString sha, domain::Done<QList<domain::CommitStatus>> done)
{
    constexpr int mostStatuses = 5'000;
    return client().list<domain::CommitStatus>(
        inProject(QStringLiteral("/repository/commits/%1/statuses?per_page=100").arg(encoded(sha))),
        parseCommitStatuses, mostStatuses, std::move(done));
}

net::Call GitLabCommits::setStatus(CommitStatusSpec spec, domain::Done<domain::CommitStatus> done)
{
    QJsonObject body{ { QStringLiteral("state"), spec.state } };
    const auto add = [&body](const char *key, const QString &value) {
        if (!value.isEmpty())
            body.insert(QLatin1StringView(key), value);
    };
    add("name", spec.name);
    add("ref", spec.ref);
    add("target_url", spec.targetUrl);
    add("description", spec.description);
    if (!spec.pipelineId.isEmpty())
        body.insert(QStringLiteral("pipeline_id"), spec.pipelineId.value());
    return value<domain::CommitStatus>("POST",
        inProject(QStringLiteral("/statuses/") + encoded(spec.sha)), body, parseCommitStatus,
        std::move(done));
}

} // namespace faultline::ci::gitlab
