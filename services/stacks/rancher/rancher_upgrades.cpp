// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/stacks/rancher/rancher_backend.h"
#include "services/stacks/rancher/rancher_client.h"
#include "services/stacks/rancher/rancher_terminal.h"
#include "services/stacks/rancher/rancher_usage.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

namespace faultline::stacks {

namespace {

constexpr QLatin1StringView stackCollection("stacks");
constexpr QLatin1StringView serviceCollection("services");
constexpr QLatin1StringView containerCollection("containers");

QByteArray json(const QJsonObject &object)
{
    return QJsonDocument(object).toJson(QJsonDocument::Compact);
}

QJsonObject objectOf(const QMap<QString, QString> &map)
{
    QJsonObject out;
    for (auto it = map.cbegin(); it != map.cend(); ++it)
        out.insert(it.key(), it.value());
    return out;
}

/// The launch config replaces the whole one (facts: rancher.md §4), so it is the present one with
/// what changes.
QByteArray upgradeBody(const QByteArray &service, const ServiceUpgradeSpec &spec)
{
    QJsonObject config = QJsonDocument::fromJson(service)
                             .object()
                             .value(QStringLiteral("launchConfig"))
                             .toObject();
    if (!spec.image.isEmpty())
        config.insert(QStringLiteral("imageUuid"), QStringLiteral("docker:") + spec.image);
    if (spec.command)
        config.insert(QStringLiteral("command"), QJsonArray::fromStringList(*spec.command));
    if (spec.environment)
        config.insert(QStringLiteral("environment"), objectOf(*spec.environment));
    const QJsonObject strategy{ { QStringLiteral("launchConfig"), config },
        { QStringLiteral("batchSize"), spec.batchSize },
        { QStringLiteral("intervalMillis"), static_cast<double>(spec.interval.count()) },
        { QStringLiteral("startFirst"), spec.startFirst } };
    return json({ { QStringLiteral("inServiceStrategy"), strategy } });
}

QByteArray helperBody(const HelperSpec &spec)
{
    QJsonObject labels = objectOf(spec.labels);
    labels.insert(QStringLiteral("io.rancher.container.start_once"), QStringLiteral("true"));
    QJsonObject out{ { QStringLiteral("type"), QStringLiteral("container") },
        { QStringLiteral("name"), spec.name },
        { QStringLiteral("imageUuid"), QStringLiteral("docker:") + spec.image },
        { QStringLiteral("command"), QJsonArray::fromStringList(spec.command) },
        { QStringLiteral("labels"), labels }, { QStringLiteral("startOnCreate"), true },
        { QStringLiteral("tty"), false }, { QStringLiteral("stdinOpen"), false },
        { QStringLiteral("privileged"), spec.privileged },
        { QStringLiteral("instanceTriggeredStop"), QStringLiteral("stop") },
        { QStringLiteral("restartPolicy"),
            QJsonObject{ { QStringLiteral("name"), QStringLiteral("no") } } } };
    if (!spec.host.isEmpty())
        out.insert(QStringLiteral("requestedHostId"), spec.host.value());
    if (spec.hasNoNetwork)
        out.insert(QStringLiteral("networkMode"), QStringLiteral("none"));
    if (!spec.networkOf.isEmpty()) {
        out.insert(QStringLiteral("networkMode"), QStringLiteral("container"));
        out.insert(QStringLiteral("networkContainerId"), spec.networkOf.value());
    }
    if (spec.hostProcesses)
        out.insert(QStringLiteral("pidMode"), QStringLiteral("host"));
    if (!spec.capabilities.isEmpty())
        out.insert(QStringLiteral("capAdd"), QJsonArray::fromStringList(spec.capabilities));
    if (spec.dropsOtherCapabilities)
        out.insert(QStringLiteral("capDrop"), QJsonArray{ QStringLiteral("ALL") });
    if (!spec.volumes.isEmpty())
        out.insert(QStringLiteral("dataVolumes"), QJsonArray::fromStringList(spec.volumes));
    return json(out);
}

/// Rancher writes CRLF and doubles every "$", which a reader of compose files undoes.
QString composeText(const QJsonObject &answer, const char *key)
{
    return answer.value(QLatin1StringView(key))
        .toString()
        .replace(QStringLiteral("\r\n"), QStringLiteral("\n"));
}

template <typename T>
using Parse = domain::Result<T> (*)(const QByteArray &, const QString &);

template <typename T>
domain::Done<QByteArray> parsed(Parse<T> parse, const QString &where, domain::Done<T> done)
{
    return [parse, where, done = std::move(done)](domain::Result<QByteArray> bytes) {
        if (bytes)
            done(parse(*bytes, where));
        else
            done(domain::failure(std::move(bytes.error())));
    };
}

} // namespace

net::Call RancherBackend::upgradeService(
    domain::ServiceId id, ServiceUpgradeSpec spec, domain::Done<domain::Service> done)
{
    net::Promise<domain::Service> promise(std::move(done));
    const domain::Done<QByteArray> finish = parsed<domain::Service>(rancher::parseService,
        QStringLiteral("POST services/") + id.value(),
        [promise](domain::Result<domain::Service> service) { promise.finish(std::move(service)); });
    promise.follow(m_client->read(serviceCollection, id.value(),
        [this, promise, finish, id, spec](domain::Result<QByteArray> present) {
            if (!present) {
                promise.finish(domain::failure(present.error()));
                return;
            }
            promise.follow(m_client->runAction(serviceCollection, id.value(),
                QStringLiteral("upgrade"), upgradeBody(*present, spec), finish));
        }));
    return promise.call();
}

net::Call RancherBackend::upgradeStack(
    domain::StackId id, StackUpgradeSpec spec, domain::Done<domain::Stack> done)
{
    const QByteArray body = json({ { QStringLiteral("dockerCompose"), spec.dockerCompose },
        { QStringLiteral("rancherCompose"), spec.rancherCompose },
        { QStringLiteral("environment"), objectOf(spec.environment) } });
    return m_client->runAction(stackCollection, id.value(), QStringLiteral("upgrade"), body,
        parsed<domain::Stack>(
            rancher::parseStack, QStringLiteral("POST stacks/") + id.value(), std::move(done)));
}

net::Call RancherBackend::exportCompose(domain::StackId id, domain::Done<ComposeFiles> done)
{
    return m_client->runAction(stackCollection, id.value(), QStringLiteral("exportconfig"), {},
        [id, done = std::move(done)](domain::Result<QByteArray> answer) {
            if (!answer) {
                done(domain::failure(answer.error()));
                return;
            }
            const QJsonObject files = QJsonDocument::fromJson(*answer).object();
            if (!files.value(QStringLiteral("dockerComposeConfig")).isString()) {
                done(domain::failure(domain::ErrorKind::Server,
                    tr("The server's answer holds no compose file."),
                    QStringLiteral("POST stacks/") + id.value()));
                return;
            }
            done(ComposeFiles{ composeText(files, "dockerComposeConfig"),
                composeText(files, "rancherComposeConfig") });
        });
}

net::Call RancherBackend::createHelper(HelperSpec spec, domain::Done<domain::Container> done)
{
    return m_client->create(containerCollection, helperBody(spec),
        parsed<domain::Container>(
            rancher::parseContainer, QStringLiteral("POST containers"), std::move(done)));
}

std::unique_ptr<ContainerTerminal> RancherBackend::openTerminal(
    domain::ContainerId id, TerminalOptions options)
{
    return std::make_unique<rancher::RancherTerminal>(m_client, id, options);
}

std::unique_ptr<UsageFeed> RancherBackend::openUsage(domain::ContainerId id)
{
    return std::make_unique<rancher::RancherUsage>(
        m_client, containerCollection, id.value(), QStringLiteral("containerStats"));
}

std::unique_ptr<UsageFeed> RancherBackend::openUsage(domain::HostId id)
{
    return std::make_unique<rancher::RancherUsage>(
        m_client, QStringLiteral("hosts"), id.value(), QStringLiteral("hostStats"));
}

} // namespace faultline::stacks
