// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/ci/gitlab/gitlab_checks.h"

#include "services/ci/gitlab/gitlab_parse_details.h"

namespace faultline::ci::gitlab {

net::Call GitLabChecks::lint(LintRequest request, domain::Done<domain::CiLint> done)
{
    const QString path = inProject(QStringLiteral("/ci/lint"));
    if (!request.content.isEmpty()) {
        QJsonObject body{ { QStringLiteral("content"), request.content },
            { QStringLiteral("dry_run"), request.isDryRun },
            { QStringLiteral("include_jobs"), true } };
        if (!request.ref.isEmpty())
            body.insert(QStringLiteral("ref"), request.ref);
        return value<domain::CiLint>("POST", path, body, parseLint, std::move(done));
    }
    QString query = QStringLiteral("?include_jobs=true&dry_run=%1")
                        .arg(request.isDryRun ? QStringLiteral("true") : QStringLiteral("false"));
    if (!request.ref.isEmpty())
        query += QStringLiteral("&content_ref=%1&dry_run_ref=%1").arg(encoded(request.ref));
    return value<domain::CiLint>("GET", path + query, {}, parseLint, std::move(done));
}

net::Call GitLabChecks::token(domain::Done<domain::TokenFacts> done)
{
    return value<domain::TokenFacts>("GET", QStringLiteral("/api/v4/personal_access_tokens/self"),
        {}, parseToken, std::move(done));
}

} // namespace faultline::ci::gitlab
