// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/ci/gitlab/gitlab_triggers.h"

#include "services/ci/gitlab/gitlab_parse_details.h"

namespace faultline::ci::gitlab {

QString GitLabTriggers::path(domain::TriggerId id) const
{
    return inProject(QStringLiteral("/triggers/%1").arg(id.value()));
}

net::Call GitLabTriggers::list(domain::Done<QList<domain::CiTrigger>> done)
{
    constexpr int mostTriggers = 1'000;
    return client().list<domain::CiTrigger>(inProject(QStringLiteral("/triggers?per_page=100")),
        parseTriggers, mostTriggers, std::move(done));
}

net::Call GitLabTriggers::one(domain::TriggerId id, domain::Done<domain::CiTrigger> done)
{
    return value<domain::CiTrigger>("GET", path(id), {}, parseTrigger, std::move(done));
}

net::Call GitLabTriggers::create(
    QString description, QDateTime expiresAt, domain::Done<domain::CiTrigger> done)
{
    QJsonObject body{ { QStringLiteral("description"), description } };
    if (expiresAt.isValid())
        body.insert(QStringLiteral("expires_at"), expiresAt.toUTC().toString(Qt::ISODate));
    return value<domain::CiTrigger>(
        "POST", inProject(QStringLiteral("/triggers")), body, parseTrigger, std::move(done));
}

net::Call GitLabTriggers::rename(
    domain::TriggerId id, QString description, domain::Done<domain::CiTrigger> done)
{
    return value<domain::CiTrigger>("PUT", path(id),
        { { QStringLiteral("description"), description } }, parseTrigger, std::move(done));
}

net::Call GitLabTriggers::remove(domain::TriggerId id, domain::Done<void> done)
{
    return effect("DELETE", path(id), {}, std::move(done));
}

} // namespace faultline::ci::gitlab
