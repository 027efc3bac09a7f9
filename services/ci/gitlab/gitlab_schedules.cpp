// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/ci/gitlab/gitlab_schedules.h"

#include "services/ci/gitlab/gitlab_parse_details.h"

#include <QJsonArray>

namespace faultline::ci::gitlab {

namespace {

constexpr int mostSchedules = 1'000;

QJsonObject bodyOf(const ScheduleSpec &spec)
{
    QJsonObject out;
    const auto add = [&out](const char *key, const std::optional<QString> &value) {
        if (value)
            out.insert(QLatin1StringView(key), *value);
    };
    add("description", spec.description);
    add("ref", spec.ref);
    add("cron", spec.cron);
    add("cron_timezone", spec.cronTimezone);
    if (spec.active)
        out.insert(QStringLiteral("active"), *spec.active);
    // Those that are not named stay (source: gitlab-org/api/client-go, PipelineInput).
    QJsonArray inputs;
    for (auto it = spec.inputs.cbegin(); it != spec.inputs.cend(); ++it)
        inputs += QJsonObject{ { QStringLiteral("name"), it.key() },
            { QStringLiteral("value"), it.value() } };
    for (const QString &name : spec.droppedInputs)
        inputs
            += QJsonObject{ { QStringLiteral("name"), name }, { QStringLiteral("destroy"), true } };
    if (!inputs.isEmpty())
        out.insert(QStringLiteral("inputs"), inputs);
    return out;
}

QJsonObject bodyOf(const domain::CiVariable &variable)
{
    return { { QStringLiteral("key"), variable.key }, { QStringLiteral("value"), variable.value },
        { QStringLiteral("variable_type"),
            variable.isFile ? QStringLiteral("file") : QStringLiteral("env_var") } };
}

} // namespace

QString GitLabSchedules::path(domain::ScheduleId id, const QString &rest) const
{
    return inProject(QStringLiteral("/pipeline_schedules/%1").arg(id.value()) + rest);
}

net::Call GitLabSchedules::list(domain::Done<QList<domain::Schedule>> done)
{
    return client().list<domain::Schedule>(
        inProject(QStringLiteral("/pipeline_schedules?per_page=100")), parseSchedules,
        mostSchedules, std::move(done));
}

net::Call GitLabSchedules::one(domain::ScheduleId id, domain::Done<domain::Schedule> done)
{
    return value<domain::Schedule>("GET", path(id), {}, parseSchedule, std::move(done));
}

net::Call GitLabSchedules::create(ScheduleSpec spec, domain::Done<domain::Schedule> done)
{
    return value<domain::Schedule>("POST", inProject(QStringLiteral("/pipeline_schedules")),
        bodyOf(spec), parseSchedule, std::move(done));
}

net::Call GitLabSchedules::change(
    domain::ScheduleId id, ScheduleSpec spec, domain::Done<domain::Schedule> done)
{
    return value<domain::Schedule>("PUT", path(id), bodyOf(spec), parseSchedule, std::move(done));
}

net::Call GitLabSchedules::remove(domain::ScheduleId id, domain::Done<void> done)
{
    return effect("DELETE", path(id), {}, std::move(done));
}

net::Call GitLabSchedules::setVariable(
    domain::ScheduleId id, domain::CiVariable variable, domain::Done<void> done)
{
    // There is no "make or change": changing one that is not there is a 404.
    net::Promise<void> promise(std::move(done));
    const QString all = path(id, QStringLiteral("/variables"));
    promise.follow(effect("PUT", all + u'/' + encoded(variable.key), bodyOf(variable),
        [this, promise, all, variable](domain::Result<void> changed) {
            if (changed || changed.error().kind != domain::ErrorKind::NotFound)
                return promise.finish(std::move(changed));
            promise.follow(effect("POST", all, bodyOf(variable),
                [promise](domain::Result<void> made) { promise.finish(std::move(made)); }));
        }));
    return promise.call();
}

net::Call GitLabSchedules::removeVariable(
    domain::ScheduleId id, QString key, domain::Done<void> done)
{
    return effect(
        "DELETE", path(id, QStringLiteral("/variables/") + encoded(key)), {}, std::move(done));
}

net::Call GitLabSchedules::play(domain::ScheduleId id, domain::Done<void> done)
{
    return effect("POST", path(id, QStringLiteral("/play")), {}, std::move(done));
}

net::Call GitLabSchedules::takeOwnership(domain::ScheduleId id, domain::Done<domain::Schedule> done)
{
    return value<domain::Schedule>(
        "POST", path(id, QStringLiteral("/take_ownership")), {}, parseSchedule, std::move(done));
}

net::Call GitLabSchedules::pipelines(
    domain::ScheduleId id, int limit, domain::Done<QList<domain::Pipeline>> done)
{
    return client().list<domain::Pipeline>(
        path(id, QStringLiteral("/pipelines?sort=desc&per_page=100")), parsePipelines, limit,
        std::move(done));
}

} // namespace faultline::ci::gitlab
