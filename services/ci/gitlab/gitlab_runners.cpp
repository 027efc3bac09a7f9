// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/ci/gitlab/gitlab_runners.h"

namespace faultline::ci::gitlab {

namespace {

constexpr int mostRunners = 1'000;

QString path(domain::RunnerId id)
{
    return QStringLiteral("/api/v4/runners/%1").arg(id.value());
}

} // namespace

net::Call GitLabRunners::list(Filter filter, domain::Done<QList<domain::Runner>> done)
{
    QString query = QStringLiteral("/runners?per_page=100");
    if (!filter.status.isEmpty())
        query += QStringLiteral("&status=") + encoded(filter.status);
    if (!filter.tags.isEmpty())
        query += QStringLiteral("&tag_list=") + encoded(filter.tags.join(u','));
    return client().list<domain::Runner>(
        inProject(query), parseRunners, mostRunners, std::move(done));
}

net::Call GitLabRunners::one(domain::RunnerId id, domain::Done<domain::Runner> done)
{
    return value<domain::Runner>("GET", path(id), {}, parseRunner, std::move(done));
}

net::Call GitLabRunners::jobs(
    domain::RunnerId id, QString status, int limit, domain::Done<QList<domain::Job>> done)
{
    QString query = path(id) + QStringLiteral("/jobs?order_by=id&sort=desc&per_page=100");
    if (!status.isEmpty())
        query += QStringLiteral("&status=") + encoded(status);
    return client().list<domain::Job>(query, parseJobs, limit, std::move(done));
}

net::Call GitLabRunners::setPaused(
    domain::RunnerId id, bool isPaused, domain::Done<domain::Runner> done)
{
    return value<domain::Runner>(
        "PUT", path(id), { { QStringLiteral("paused"), isPaused } }, parseRunner, std::move(done));
}

} // namespace faultline::ci::gitlab
