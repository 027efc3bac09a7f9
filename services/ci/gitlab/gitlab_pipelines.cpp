// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/ci/gitlab/gitlab_pipelines.h"

#include "services/ci/gitlab/gitlab_parse_details.h"

namespace faultline::ci::gitlab {

namespace {

constexpr int mostBridges = 1'000;

void add(QString &query, const char *key, const QString &value)
{
    if (!value.isEmpty())
        query += QStringLiteral("&%1=%2").arg(QLatin1StringView(key), encoded(value));
}

void add(QString &query, const char *key, const QDateTime &value)
{
    if (value.isValid())
        add(query, key, value.toUTC().toString(Qt::ISODateWithMs));
}

} // namespace

QString GitLabPipelines::path(domain::PipelineId id, const QString &rest) const
{
    return inProject(QStringLiteral("/pipelines/%1").arg(id.value()) + rest);
}

net::Call GitLabPipelines::list(
    PipelineFilter filter, int limit, domain::Done<QList<domain::Pipeline>> done)
{
    QString query = QStringLiteral("/pipelines?per_page=100");
    add(query, "status", filter.status);
    add(query, "ref", filter.ref);
    add(query, "sha", filter.sha);
    add(query, "source", filter.source);
    add(query, "username", filter.userName);
    add(query, "updated_after", filter.updatedAfter);
    add(query, "updated_before", filter.updatedBefore);
    add(query, "created_after", filter.createdAfter);
    add(query, "created_before", filter.createdBefore);
    add(query, "scope", filter.scope);
    add(query, "name", filter.name);
    if (filter.hasYamlErrors)
        add(query, "yaml_errors",
            *filter.hasYamlErrors ? QStringLiteral("true") : QStringLiteral("false"));
    return client().listNewestFirst<domain::Pipeline>(
        inProject(query), {}, parsePipelines, limit, std::move(done));
}

net::Call GitLabPipelines::latest(QString ref, domain::Done<domain::Pipeline> done)
{
    QString rest = QStringLiteral("/pipelines/latest");
    if (!ref.isEmpty())
        rest += QStringLiteral("?ref=") + encoded(ref);
    return value<domain::Pipeline>("GET", inProject(rest), {}, parsePipeline, std::move(done));
}

net::Call GitLabPipelines::remove(domain::PipelineId id, domain::Done<void> done)
{
    return effect("DELETE", path(id), {}, std::move(done));
}

net::Call GitLabPipelines::rename(
    domain::PipelineId id, QString name, domain::Done<domain::Pipeline> done)
{
    return value<domain::Pipeline>("PUT", path(id, QStringLiteral("/metadata")),
        { { QStringLiteral("name"), name } }, parsePipeline, std::move(done));
}

net::Call GitLabPipelines::variables(
    domain::PipelineId id, domain::Done<QList<domain::CiVariable>> done)
{
    return value<QList<domain::CiVariable>>(
        "GET", path(id, QStringLiteral("/variables")), {}, parseVariables, std::move(done));
}

net::Call GitLabPipelines::bridges(domain::PipelineId id, domain::Done<QList<domain::Bridge>> done)
{
    return client().list<domain::Bridge>(path(id, QStringLiteral("/bridges?per_page=100")),
        parseBridges, mostBridges, std::move(done));
}

net::Call GitLabPipelines::testReport(domain::PipelineId id, domain::Done<domain::TestReport> done)
{
    return value<domain::TestReport>(
        "GET", path(id, QStringLiteral("/test_report")), {}, parseTestReport, std::move(done));
}

net::Call GitLabPipelines::testSummary(domain::PipelineId id, domain::Done<domain::TestReport> done)
{
    return value<domain::TestReport>("GET", path(id, QStringLiteral("/test_report_summary")), {},
        parseTestReport, std::move(done));
}

} // namespace faultline::ci::gitlab
