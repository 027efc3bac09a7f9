// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/ci_json.h"

namespace faultline::ctl {

namespace {

QJsonValue time(const QDateTime &value)
{
    return value.isValid() ? QJsonValue(value.toUTC().toString(Qt::ISODateWithMs)) : QJsonValue();
}

template <typename Id>
QJsonValue idOrNull(const Id &id)
{
    return id.isEmpty() ? QJsonValue() : QJsonValue(id.value());
}

QJsonObject countsJson(const domain::TestCounts &counts)
{
    return { { QStringLiteral("seconds"), counts.seconds },
        { QStringLiteral("total"), counts.total }, { QStringLiteral("success"), counts.success },
        { QStringLiteral("failed"), counts.failed }, { QStringLiteral("skipped"), counts.skipped },
        { QStringLiteral("error"), counts.error } };
}

} // namespace

QString timeText(const QDateTime &time)
{
    return time.isValid() ? time.toLocalTime().toString(QStringLiteral("yyyy-MM-dd hh:mm"))
                          : QString();
}

QJsonObject toJson(const domain::CiVariable &variable)
{
    return { { QStringLiteral("key"), variable.key }, { QStringLiteral("value"), variable.value },
        { QStringLiteral("file"), variable.isFile } };
}

QJsonObject toJson(const domain::Bridge &bridge)
{
    return { { QStringLiteral("id"), bridge.id.value() }, { QStringLiteral("name"), bridge.name },
        { QStringLiteral("stage"), bridge.stage },
        { QStringLiteral("status"), bridge.status.text() },
        { QStringLiteral("downstream"), idOrNull(bridge.downstream) },
        { QStringLiteral("downstreamStatus"), bridge.downstreamStatus.text() } };
}

QJsonObject toJson(const domain::TestReport &report)
{
    QJsonArray suites;
    for (const domain::TestSuite &suite : report.suites) {
        QJsonObject out = countsJson(suite.counts);
        out.insert(QStringLiteral("name"), suite.name);
        out.insert(QStringLiteral("suiteError"), suite.error);
        suites += out;
    }
    QJsonObject out = countsJson(report.counts);
    out.insert(QStringLiteral("suites"), suites);
    return out;
}

QJsonObject toJson(const domain::Schedule &schedule)
{
    QJsonObject inputs;
    for (auto it = schedule.inputs.cbegin(); it != schedule.inputs.cend(); ++it)
        inputs.insert(it.key(), it.value());
    return { { QStringLiteral("id"), schedule.id.value() },
        { QStringLiteral("description"), schedule.description },
        { QStringLiteral("ref"), schedule.ref }, { QStringLiteral("cron"), schedule.cron },
        { QStringLiteral("timezone"), schedule.cronTimezone },
        { QStringLiteral("active"), schedule.active },
        { QStringLiteral("nextRun"), time(schedule.nextRunAt) },
        { QStringLiteral("owner"), schedule.owner }, { QStringLiteral("inputs"), inputs },
        { QStringLiteral("variables"), toJsonArray(schedule.variables) },
        { QStringLiteral("lastPipeline"), idOrNull(schedule.lastPipeline) },
        { QStringLiteral("lastStatus"), schedule.lastStatus.text() } };
}

QJsonObject toJson(const domain::Runner &runner)
{
    return { { QStringLiteral("id"), runner.id.value() },
        { QStringLiteral("description"), runner.description },
        { QStringLiteral("status"), runner.status }, { QStringLiteral("paused"), runner.paused },
        { QStringLiteral("busy"), runner.isBusy }, { QStringLiteral("type"), runner.type },
        { QStringLiteral("version"), runner.version },
        { QStringLiteral("tags"), QJsonArray::fromStringList(runner.tags) },
        { QStringLiteral("runsUntagged"), runner.runsUntagged },
        { QStringLiteral("maximumTimeout"), runner.maximumTimeout },
        { QStringLiteral("contacted"), time(runner.contactedAt) } };
}

QJsonObject toJson(const domain::CiLint &lint)
{
    QJsonArray jobs;
    for (const domain::CiLint::Job &job : lint.jobs)
        jobs += QJsonObject{ { QStringLiteral("name"), job.name },
            { QStringLiteral("stage"), job.stage }, { QStringLiteral("when"), job.when } };
    return { { QStringLiteral("valid"), lint.isValid },
        { QStringLiteral("errors"), QJsonArray::fromStringList(lint.errors) },
        { QStringLiteral("warnings"), QJsonArray::fromStringList(lint.warnings) },
        { QStringLiteral("includes"), QJsonArray::fromStringList(lint.includes) },
        { QStringLiteral("mergedYaml"), lint.mergedYaml }, { QStringLiteral("jobs"), jobs } };
}

} // namespace faultline::ctl
