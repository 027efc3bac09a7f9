// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/stacks/rancher/rancher_backend.h"

#include "services/domain/attempt_delay.h"
#include "services/stacks/rancher/rancher_client.h"
#include "services/stacks/rancher/rancher_engine.h"
#include "services/stacks/rancher/rancher_feed.h"
#include "services/stacks/rancher/rancher_list.h"
#include "services/stacks/rancher/rancher_log.h"

#include <QJsonDocument>
#include <QJsonObject>

namespace faultline::stacks {

using rancher::RancherClient;

namespace {

constexpr QLatin1StringView stackCollection("stacks");
constexpr QLatin1StringView serviceCollection("services");
constexpr QLatin1StringView containerCollection("containers");
constexpr QLatin1StringView metadataField("metadata");

net::ServerSettings serverOf(const settings::RancherSettings &settings, const QByteArray &accessKey,
    const QByteArray &secretKey)
{
    net::ServerSettings out;
    out.origin = settings.url;
    out.caFile = settings.caFile;
    out.trustedFingerprint = settings.trustedFingerprint;
    // This machine connects at once or never. QNetworkAccessManager 6.4 can wait for ever on a
    // connection that was reset while it was idle, and only this limit ends that.
    if (domain::isLoopbackHost(settings.url.host()))
        out.connectTimeout = std::chrono::seconds(2);
    if (!accessKey.isEmpty())
        out.authHeaders.append(
            net::Header("Authorization", "Basic " + (accessKey + ':' + secretKey).toBase64()));
    out.authHeaders.append(net::Header("X-API-No-Challenge", "true"));
    return out;
}

template <typename T>
using Parse = domain::Result<T> (*)(const QByteArray &, const QString &);

/// A receiver of bytes that hands on a value.
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

QByteArray json(const QJsonObject &object)
{
    return QJsonDocument(object).toJson(QJsonDocument::Compact);
}

QByteArray bodyOf(const StackSpec &spec)
{
    QJsonObject environment;
    for (auto it = spec.environment.cbegin(); it != spec.environment.cend(); ++it)
        environment.insert(it.key(), it.value());
    QJsonObject out{
        { QStringLiteral("name"), spec.name },
        { QStringLiteral("dockerCompose"), spec.dockerCompose },
        { QStringLiteral("environment"), environment },
        { QStringLiteral("startOnCreate"), spec.start },
    };
    if (!spec.description.isEmpty())
        out.insert(QStringLiteral("description"), spec.description);
    if (!spec.rancherCompose.isEmpty())
        out.insert(QStringLiteral("rancherCompose"), spec.rancherCompose);
    return json(out);
}

/// The metadata of a service as it was answered, with some of it changed.
QJsonObject withNotes(const QByteArray &service, const QMap<QString, QString> &notes)
{
    QJsonObject out = QJsonDocument::fromJson(service).object().value(metadataField).toObject();
    for (auto it = notes.cbegin(); it != notes.cend(); ++it) {
        if (it.value().isEmpty())
            out.remove(it.key());
        else
            out.insert(it.key(), it.value());
    }
    return out;
}

QString nameOf(StackAction action)
{
    switch (action) {
    case StackAction::Activate:
        return QStringLiteral("activateservices");
    case StackAction::Deactivate:
        return QStringLiteral("deactivateservices");
    case StackAction::FinishUpgrade:
        return QStringLiteral("finishupgrade");
    case StackAction::CancelUpgrade:
        return QStringLiteral("cancelupgrade");
    case StackAction::Rollback:
        break;
    }
    return QStringLiteral("rollback");
}

QString nameOf(ServiceAction action)
{
    switch (action) {
    case ServiceAction::Activate:
        return QStringLiteral("activate");
    case ServiceAction::Deactivate:
        return QStringLiteral("deactivate");
    case ServiceAction::FinishUpgrade:
        return QStringLiteral("finishupgrade");
    case ServiceAction::Rollback:
        return QStringLiteral("rollback");
    case ServiceAction::CancelUpgrade:
        return QStringLiteral("cancelupgrade");
    case ServiceAction::ContinueUpgrade:
        return QStringLiteral("continueupgrade");
    case ServiceAction::Restart:
        break;
    }
    return QStringLiteral("restart");
}

QString nameOf(ContainerAction action)
{
    switch (action) {
    case ContainerAction::Start:
        return QStringLiteral("start");
    case ContainerAction::Stop:
        return QStringLiteral("stop");
    case ContainerAction::Restart:
        break;
    }
    return QStringLiteral("restart");
}

domain::Result<domain::Stack> onlyStackNamed(
    const QString &name, const QByteArray &bytes, const QString &where)
{
    const domain::Result<rancher::Page<domain::Stack>> page = rancher::parseStacks(bytes, where);
    if (!page)
        return domain::failure(page.error());
    // A filter that the server doesn't know is ignored silently, so the name is compared here too.
    for (const domain::Stack &stack : page->items) {
        if (stack.name == name)
            return stack;
    }
    return domain::failure(domain::ErrorKind::NotFound,
        RancherBackend::tr("There is no stack `%1`.").arg(name), where);
}

} // namespace

RancherBackend::RancherBackend(const settings::RancherSettings &settings,
    const QByteArray &accessKey, const QByteArray &secretKey, net::Surroundings surroundings,
    QObject *parent)
    : StackBackend(parent)
    , m_server(serverOf(settings, accessKey, secretKey))
    , m_project(settings.project)
    , m_surroundings(std::move(surroundings))
    , m_client(std::make_shared<RancherClient>(m_server, m_project, m_surroundings))
{
}

RancherBackend::~RancherBackend() = default;

Capabilities RancherBackend::capabilities() const
{
    return Capability::CreateFromCompose | Capability::ActivateStack
        | Capability::ContainerLifecycle | Capability::Logs | Capability::ExportCompose
        | Capability::UpgradeService | Capability::UpgradeStack | Capability::Exec
        | Capability::Stats | Capability::HelperContainers;
}

net::Call RancherBackend::projects(domain::Done<QList<domain::Project>> done)
{
    return m_client->projects(std::move(done));
}

net::Call RancherBackend::snapshot(domain::Done<StackSnapshot> done)
{
    return m_client->snapshot(std::move(done));
}

net::Call RancherBackend::createStack(StackSpec spec, domain::Done<domain::Stack> done)
{
    return m_client->create(stackCollection, bodyOf(spec),
        parsed<domain::Stack>(rancher::parseStack, QStringLiteral("POST stacks"), std::move(done)));
}

net::Call RancherBackend::stack(domain::StackId id, domain::Done<domain::Stack> done)
{
    return m_client->read(stackCollection, id.value(),
        parsed<domain::Stack>(
            rancher::parseStack, QStringLiteral("GET stacks/") + id.value(), std::move(done)));
}

net::Call RancherBackend::stackByName(QString name, domain::Done<domain::Stack> done)
{
    const QString filter
        = QStringLiteral("name=") + QString::fromLatin1(QUrl::toPercentEncoding(name));
    return m_client->find(
        stackCollection, filter, [name, done = std::move(done)](domain::Result<QByteArray> bytes) {
            if (bytes)
                done(onlyStackNamed(name, *bytes, QStringLiteral("GET stacks")));
            else
                done(domain::failure(std::move(bytes.error())));
        });
}

net::Call RancherBackend::removeStack(domain::StackId id, domain::Done<domain::Stack> done)
{
    return m_client->remove(stackCollection, id.value(),
        parsed<domain::Stack>(
            rancher::parseStack, QStringLiteral("DELETE stacks/") + id.value(), std::move(done)));
}

net::Call RancherBackend::runOnStack(
    domain::StackId id, StackAction action, domain::Done<domain::Stack> done)
{
    return m_client->runAction(stackCollection, id.value(), nameOf(action), {},
        parsed<domain::Stack>(
            rancher::parseStack, QStringLiteral("POST stacks/") + id.value(), std::move(done)));
}

net::Call RancherBackend::scaleService(
    domain::ServiceId id, int scale, domain::Done<domain::Service> done)
{
    // Read first: the server ignores an id's prefix, and would scale a stranger.
    net::Promise<domain::Service> promise(std::move(done));
    const domain::Done<QByteArray> finish = parsed<domain::Service>(rancher::parseService,
        QStringLiteral("PUT services/") + id.value(),
        [promise](domain::Result<domain::Service> service) { promise.finish(std::move(service)); });
    promise.follow(m_client->read(serviceCollection, id.value(),
        [this, promise, finish, id, scale](domain::Result<QByteArray> present) {
            if (!present) {
                promise.finish(domain::failure(present.error()));
                return;
            }
            const QByteArray body = json({ { QStringLiteral("scale"), scale } });
            promise.follow(m_client->change(serviceCollection, id.value(), body, finish));
        }));
    return promise.call();
}

net::Call RancherBackend::noteOnService(
    domain::ServiceId id, QMap<QString, QString> notes, domain::Done<domain::Service> done)
{
    // Read first: a PUT replaces the whole map, and others keep notes there, too.
    net::Promise<domain::Service> promise(std::move(done));
    const domain::Done<QByteArray> finish = parsed<domain::Service>(rancher::parseService,
        QStringLiteral("PUT services/") + id.value(),
        [promise](domain::Result<domain::Service> service) { promise.finish(std::move(service)); });
    promise.follow(m_client->read(serviceCollection, id.value(),
        [this, promise, finish, id, notes](domain::Result<QByteArray> present) {
            if (!present) {
                promise.finish(domain::failure(present.error()));
                return;
            }
            const QByteArray body = json({ { metadataField, withNotes(*present, notes) } });
            promise.follow(m_client->change(serviceCollection, id.value(), body, finish));
        }));
    return promise.call();
}

net::Call RancherBackend::runOnService(
    domain::ServiceId id, ServiceAction action, domain::Done<domain::Service> done)
{
    // The strategy's object is mandatory; an empty one means the server's defaults (facts:
    // rancher.md §4).
    const QByteArray body = action == ServiceAction::Restart
        ? QByteArray(R"({"rollingRestartStrategy":{}})")
        : QByteArray();
    return m_client->runAction(serviceCollection, id.value(), nameOf(action), body,
        parsed<domain::Service>(
            rancher::parseService, QStringLiteral("POST services/") + id.value(), std::move(done)));
}

net::Call RancherBackend::container(domain::ContainerId id, domain::Done<domain::Container> done)
{
    return m_client->read(containerCollection, id.value(),
        parsed<domain::Container>(rancher::parseContainer,
            QStringLiteral("GET containers/") + id.value(), std::move(done)));
}

net::Call RancherBackend::runOnContainer(
    domain::ContainerId id, ContainerAction action, domain::Done<domain::Container> done)
{
    return m_client->runAction(containerCollection, id.value(), nameOf(action), {},
        parsed<domain::Container>(rancher::parseContainer,
            QStringLiteral("POST containers/") + id.value(), std::move(done)));
}

net::Call RancherBackend::stopContainer(
    domain::ContainerId id, std::chrono::seconds grace, domain::Done<domain::Container> done)
{
    const QByteArray body = "{\"timeout\":" + QByteArray::number(qint64(grace.count())) + '}';
    return m_client->runAction(containerCollection, id.value(), nameOf(ContainerAction::Stop), body,
        parsed<domain::Container>(rancher::parseContainer,
            QStringLiteral("POST containers/") + id.value(), std::move(done)));
}

net::Call RancherBackend::removeContainer(
    domain::ContainerId id, domain::Done<domain::Container> done)
{
    return m_client->remove(containerCollection, id.value(),
        parsed<domain::Container>(rancher::parseContainer,
            QStringLiteral("DELETE containers/") + id.value(), std::move(done)));
}

net::Call RancherBackend::askEngine(
    domain::HostId host, EngineRequest request, domain::Done<EngineAnswer> done)
{
    return rancher::askEngine(m_client, host, request, std::move(done));
}

std::unique_ptr<ContainerLog> RancherBackend::openLog(domain::ContainerId id, LogOptions options)
{
    return std::make_unique<rancher::RancherLog>(m_client, id, options);
}

std::unique_ptr<StackFeed> RancherBackend::openFeed()
{
    // The feed decides itself when to try again, so its requests are single attempts.
    net::ServerSettings single = m_server;
    single.maxAttempts = 1;
    return std::make_unique<rancher::RancherFeed>(
        std::make_unique<RancherClient>(single, m_project, m_surroundings));
}

} // namespace faultline::stacks
