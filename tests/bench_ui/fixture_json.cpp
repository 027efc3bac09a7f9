// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/bench_ui/fixture_json.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

namespace faultline::bench {

namespace {

QByteArray compact(const QJsonObject &object)
{
    return QJsonDocument(object).toJson(QJsonDocument::Compact);
}

QJsonValue timeOf(const QDateTime &time)
{
    return time.isValid() ? QJsonValue(time.toString(Qt::ISODateWithMs)) : QJsonValue();
}

QJsonValue text(const char *words)
{
    return QLatin1StringView(words);
}

/// Fields that real answers have, too: `count` of about 40 bytes.
void pad(QJsonObject &object, int count)
{
    for (int i = 0; i < count; ++i)
        object.insert(QStringLiteral("zFieldOfTheServer%1").arg(i), text("a value nobody reads"));
}

QJsonObject lifeOf(const domain::Lifecycle &life)
{
    QJsonObject actions;
    for (const QString &action : life.actions)
        actions.insert(action, QStringLiteral("http://127.0.0.1/v2-beta/?action=") + action);
    return { { QStringLiteral("state"), life.state.text() },
        { QStringLiteral("healthState"), life.health.text() },
        { QStringLiteral("transitioning"), life.transitioning.text() },
        { QStringLiteral("transitioningMessage"), life.transitioningMessage },
        { QStringLiteral("created"), timeOf(life.created) },
        { QStringLiteral("actions"), actions } };
}

} // namespace

QByteArray jsonOf(const domain::Job &job)
{
    QJsonObject out{ { QStringLiteral("id"), job.id.value() },
        { QStringLiteral("status"), job.status.text() }, { QStringLiteral("stage"), job.stage },
        { QStringLiteral("name"), job.name }, { QStringLiteral("ref"), job.ref },
        { QStringLiteral("created_at"), timeOf(job.createdAt) },
        { QStringLiteral("started_at"), timeOf(job.startedAt) },
        { QStringLiteral("finished_at"), timeOf(job.finishedAt) } };
    out.insert(QStringLiteral("user"), QJsonObject{ { QStringLiteral("username"), job.userName } });
    out.insert(QStringLiteral("commit"),
        QJsonObject{ { QStringLiteral("id"), job.sha },
            { QStringLiteral("title"), text("raftstore: batch ready") } });
    out.insert(QStringLiteral("pipeline"),
        QJsonObject{ { QStringLiteral("id"), job.pipelineId.value() } });
    out.insert(QStringLiteral("runner"),
        QJsonObject{
            { QStringLiteral("id"), 5 }, { QStringLiteral("description"), job.runnerName } });
    out.insert(QStringLiteral("artifacts"), QJsonArray());
    pad(out, 50);
    return compact(out);
}

QByteArray jsonOf(const domain::Pipeline &pipeline)
{
    return compact({ { QStringLiteral("id"), pipeline.id.value() },
        { QStringLiteral("iid"), pipeline.number }, { QStringLiteral("ref"), pipeline.ref },
        { QStringLiteral("sha"), pipeline.sha }, { QStringLiteral("source"), pipeline.source },
        { QStringLiteral("status"), pipeline.status.text() },
        { QStringLiteral("created_at"), timeOf(pipeline.createdAt) },
        { QStringLiteral("updated_at"), timeOf(pipeline.createdAt) } });
}

QByteArray jsonOf(const domain::Stack &stack)
{
    QJsonObject out = lifeOf(stack.life);
    out.insert(QStringLiteral("id"), stack.id.value());
    out.insert(QStringLiteral("type"), text("stack"));
    out.insert(QStringLiteral("name"), stack.name);
    pad(out, 20);
    return compact(out);
}

QByteArray jsonOf(const domain::Service &service)
{
    QJsonObject out = lifeOf(service.life);
    out.insert(QStringLiteral("id"), service.id.value());
    out.insert(QStringLiteral("type"), text("service"));
    out.insert(QStringLiteral("stackId"), service.stackId.value());
    out.insert(QStringLiteral("name"), service.name);
    out.insert(QStringLiteral("scale"), service.scale);
    out.insert(QStringLiteral("currentScale"), service.currentScale);
    out.insert(QStringLiteral("launchConfig"),
        QJsonObject{
            { QStringLiteral("imageUuid"), QStringLiteral("docker:%1").arg(service.image) } });
    pad(out, 50);
    return compact(out);
}

QByteArray jsonOf(const domain::Container &container)
{
    QJsonObject out = lifeOf(container.life);
    QJsonObject labels;
    for (auto label = container.labels.cbegin(); label != container.labels.cend(); ++label)
        labels.insert(label.key(), label.value());
    const domain::PortBinding port = container.ports.value(0);
    out.insert(QStringLiteral("id"), container.id.value());
    out.insert(QStringLiteral("type"), text("container"));
    out.insert(QStringLiteral("stackId"), container.stackId.value());
    out.insert(QStringLiteral("serviceIds"), QJsonArray{ QJsonValue(container.serviceId.value()) });
    out.insert(QStringLiteral("hostId"), container.hostId.value());
    out.insert(QStringLiteral("name"), container.name);
    out.insert(QStringLiteral("imageUuid"), QStringLiteral("docker:%1").arg(container.image));
    out.insert(QStringLiteral("primaryIpAddress"), container.primaryAddress);
    out.insert(QStringLiteral("ports"),
        QJsonArray{ QStringLiteral("%1:%2/tcp").arg(port.hostPort).arg(port.containerPort) });
    out.insert(QStringLiteral("labels"), labels);
    out.insert(QStringLiteral("startCount"), 1);
    pad(out, 60);
    return compact(out);
}

QByteArray jsonOf(const domain::Host &host)
{
    return compact(
        { { QStringLiteral("id"), host.id.value() }, { QStringLiteral("type"), text("host") },
            { QStringLiteral("name"), host.name }, { QStringLiteral("state"), text("active") } });
}

} // namespace faultline::bench
