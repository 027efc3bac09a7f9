// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/scene_warning.h"

#include "app/ctl/scene_lookup.h"
#include "services/notify/delivery.h"
#include "services/notify/slack_message.h"

#include <QUrl>

#include <algorithm>

namespace faultline::ctl {

namespace {

QString hostOf(const stacks::StackSnapshot &snapshot, const domain::HostId &id)
{
    const auto found = std::find_if(snapshot.hosts.begin(), snapshot.hosts.end(),
        [&](const domain::Host &host) { return host.id == id; });
    return found == snapshot.hosts.end() ? id.value() : found->name;
}

QString portsOf(const domain::Container &container)
{
    QStringList out;
    for (const domain::PortBinding &port : container.ports) {
        if (port.hostPort > 0)
            out += QStringLiteral("%1->%2").arg(port.hostPort).arg(port.containerPort);
    }
    return out.join(u' ');
}

notify::RunNotice noticeOf(
    Context &context, const scenes::Scene &scene, const stacks::StackSnapshot &snapshot)
{
    notify::RunNotice out;
    out.caseName = scene.caseName;
    out.verdict = scene.verdict;
    out.run = scene.run;
    out.team = scene.team;
    out.person = scene.person;
    out.mentions = scene.mentions;
    out.stack = scene.stack;
    out.expires = scene.expires;
    for (const domain::Container &container : snapshot.containers) {
        if (container.stackId == scene.stackId && !domain::isGone(container.life))
            out.containers
                += { container.name, hostOf(snapshot, container.hostId), portsOf(container) };
    }
    const QString workspace = context.connections().workspaceName();
    if (!workspace.isEmpty())
        out.links += { scene.stack,
            QStringLiteral("faultline://scene/%1/%2")
                .arg(QString::fromLatin1(QUrl::toPercentEncoding(workspace)), scene.stack) };
    return out;
}

QMap<QString, QString> variablesOf(const QProcessEnvironment &environment)
{
    QMap<QString, QString> out;
    for (const QString &name : environment.keys())
        out.insert(name, environment.value(name));
    return out;
}

} // namespace

domain::Result<void> warnOwner(
    Context &context, const scenes::Scene &scene, const stacks::StackSnapshot &snapshot)
{
    const QByteArray message = notify::slackExpiryWarning(noticeOf(context, scene, snapshot));
    const auto variables = variablesOf(context.environment());
    for (const QString &name : scene.warnTo) {
        const auto sent
            = notify::slackWebhook(name, variables)
                  .and_then([&](const QByteArray &address) {
                      return notify::webhookDelivery(address, message);
                  })
                  .and_then([&](const notify::Delivery &delivery) {
                      return notify::deliver(delivery, std::chrono::seconds(30), context.token());
                  });
        if (!sent)
            return domain::failure(sent.error());
    }
    scenes::Scene noted = scene;
    noted.isWarned = true;
    noted.changedAt = QDateTime::currentDateTimeUtc();
    return noteScene(context, noted, snapshot.services);
}

} // namespace faultline::ctl
