// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/scenes/container_json.h"

#include <QStringList>

namespace faultline::scenes {

using Json = nlohmann::ordered_json;

Json containerJson(const domain::Container &container, const QString &hostName)
{
    Json out{ { "id", container.id.value().toStdString() },
        { "name", container.name.toStdString() }, { "image", container.image.toStdString() },
        { "dockerId", container.externalId.toStdString() },
        { "state", container.life.state.text().toStdString() },
        { "health", container.life.health.text().toStdString() },
        { "startCount", container.startCount }, { "host", hostName.toStdString() },
        { "address", container.primaryAddress.toStdString() }, { "ports", Json::array() },
        { "labels", Json::object() } };
    for (const domain::PortBinding &port : container.ports)
        out["ports"].push_back({ { "hostAddress", port.hostAddress.toStdString() },
            { "hostPort", port.hostPort }, { "containerPort", port.containerPort },
            { "protocol", port.protocol.toStdString() } });
    for (auto it = container.labels.begin(); it != container.labels.end(); ++it)
        out["labels"][it.key().toStdString()] = it.value().toStdString();
    return out;
}

QString fileNameOf(const domain::Container &container, const QString &stackName)
{
    const QString prefix = stackName + QLatin1Char('-');
    QString name
        = container.name.startsWith(prefix) ? container.name.mid(prefix.size()) : container.name;
    name.replace(QLatin1Char('/'), QLatin1Char('_')); // names come from the server
    const bool isPlain = !name.isEmpty() && !name.startsWith(QLatin1Char('.'));
    return isPlain ? name : QLatin1Char('_') + name;
}

QString wayInto(const domain::Container &container, const QString &hostName)
{
    QStringList ports;
    for (const domain::PortBinding &port : container.ports) {
        if (port.hostPort > 0)
            ports += QStringLiteral("%1->%2").arg(port.hostPort).arg(port.containerPort);
    }
    return QStringLiteral("%1  host %2  ports %3  docker exec -it %4 sh  |  faultlinectl log %5")
        .arg(container.name, hostName,
            ports.isEmpty() ? QStringLiteral("-") : ports.join(QLatin1Char(',')),
            container.externalId.left(12), container.id.value());
}

} // namespace faultline::scenes
