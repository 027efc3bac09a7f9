// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/json_values.h"

#include <QJsonArray>

namespace faultline::ctl {

namespace {

QJsonValue time(const QDateTime &value)
{
    return value.isValid() ? QJsonValue(value.toUTC().toString(Qt::ISODateWithMs)) : QJsonValue();
}

QJsonObject object(const QMap<QString, QString> &labels)
{
    QJsonObject out;
    for (auto label = labels.begin(); label != labels.end(); ++label)
        out.insert(label.key(), label.value());
    return out;
}

void addLife(QJsonObject &out, const domain::Lifecycle &life)
{
    out.insert(QStringLiteral("state"), life.state.text());
    out.insert(QStringLiteral("health"), life.health.text());
    out.insert(QStringLiteral("transitioning"), life.transitioning.text());
    out.insert(QStringLiteral("message"), life.transitioningMessage);
    out.insert(QStringLiteral("created"), time(life.created));
}

QJsonObject toJson(const domain::PortBinding &port)
{
    return { { QStringLiteral("address"), port.hostAddress },
        { QStringLiteral("hostPort"), port.hostPort },
        { QStringLiteral("containerPort"), port.containerPort },
        { QStringLiteral("protocol"), port.protocol } };
}

} // namespace

QJsonObject toJson(const domain::Stack &stack)
{
    QJsonObject out{ { QStringLiteral("id"), stack.id.value() },
        { QStringLiteral("name"), stack.name },
        { QStringLiteral("description"), stack.description },
        { QStringLiteral("system"), stack.system } };
    addLife(out, stack.life);
    return out;
}

QJsonObject toJson(const domain::Service &service)
{
    QJsonObject out{ { QStringLiteral("id"), service.id.value() },
        { QStringLiteral("name"), service.name }, { QStringLiteral("kind"), service.kind },
        { QStringLiteral("image"), service.image }, { QStringLiteral("scale"), service.scale },
        { QStringLiteral("currentScale"), service.currentScale } };
    addLife(out, service.life);
    return out;
}

QJsonObject toJson(const domain::Container &container, const QString &hostName)
{
    QJsonArray ports;
    for (const domain::PortBinding &port : container.ports)
        ports += toJson(port);
    QJsonObject out{ { QStringLiteral("id"), container.id.value() },
        { QStringLiteral("name"), container.name }, { QStringLiteral("image"), container.image },
        { QStringLiteral("dockerId"), container.externalId },
        { QStringLiteral("address"), container.primaryAddress },
        { QStringLiteral("host"), hostName }, { QStringLiteral("ports"), ports },
        { QStringLiteral("labels"), object(container.labels) },
        { QStringLiteral("startCount"), container.startCount } };
    addLife(out, container.life);
    return out;
}

QJsonObject toJson(const domain::Pipeline &pipeline)
{
    return { { QStringLiteral("id"), pipeline.id.value() },
        { QStringLiteral("number"), pipeline.number }, { QStringLiteral("ref"), pipeline.ref },
        { QStringLiteral("sha"), pipeline.sha }, { QStringLiteral("source"), pipeline.source },
        { QStringLiteral("status"), pipeline.status.text() },
        { QStringLiteral("created"), time(pipeline.createdAt) },
        { QStringLiteral("updated"), time(pipeline.updatedAt) },
        { QStringLiteral("url"), pipeline.webUrl } };
}

QJsonObject toJson(const domain::Job &job)
{
    return { { QStringLiteral("id"), job.id.value() },
        { QStringLiteral("pipeline"), job.pipelineId.value() },
        { QStringLiteral("name"), job.name }, { QStringLiteral("stage"), job.stage },
        { QStringLiteral("ref"), job.ref }, { QStringLiteral("sha"), job.sha },
        { QStringLiteral("status"), job.status.text() },
        { QStringLiteral("failureReason"), job.failureReason },
        { QStringLiteral("allowFailure"), job.allowFailure },
        { QStringLiteral("created"), time(job.createdAt) },
        { QStringLiteral("started"), time(job.startedAt) },
        { QStringLiteral("finished"), time(job.finishedAt) },
        { QStringLiteral("runner"), job.runnerName }, { QStringLiteral("url"), job.webUrl } };
}

QJsonObject toJson(const StackBook &book, const domain::Service &service)
{
    QJsonArray containers;
    for (const domain::Container &container : book.containersOf(service.id))
        containers += toJson(container, book.hostName(container.hostId));
    QJsonObject out = toJson(service);
    out.insert(QStringLiteral("containers"), containers);
    return out;
}

QJsonObject toJson(const StackBook &book, const domain::Stack &stack)
{
    QJsonArray services;
    for (const domain::Service &service : book.servicesOf(stack.id))
        services += toJson(book, service);
    QJsonObject out = toJson(stack);
    out.insert(QStringLiteral("services"), services);
    return out;
}

QString portsText(const QList<domain::PortBinding> &ports)
{
    QStringList out;
    for (const domain::PortBinding &port : ports) {
        QString text = QStringLiteral("%1/%2").arg(port.containerPort).arg(port.protocol);
        if (port.hostPort != 0) {
            const QString address
                = port.hostAddress.isEmpty() ? QStringLiteral("0.0.0.0") : port.hostAddress;
            text = QStringLiteral("%1:%2->%3").arg(address).arg(port.hostPort).arg(text);
        }
        out += text;
    }
    return out.join(QStringLiteral(", "));
}

} // namespace faultline::ctl
