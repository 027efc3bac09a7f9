// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/runs/live_stack.h"

#include "services/runs/text.h"

#include <algorithm>

namespace faultline::runs {

using domain::State;

namespace {

template <typename Id, typename T>
void applyBatch(std::map<Id, T> &rows, const domain::Batch<T, Id> &batch)
{
    if (batch.isSnapshot)
        rows.clear();
    for (const auto *list : { &batch.added, &batch.changed }) {
        for (const T &row : *list)
            rows.insert_or_assign(row.id, row);
    }
    for (const Id &id : batch.removed)
        rows.erase(id);
}

/// States in which the main process has ended or is being ended.
bool isDown(const domain::Container &container)
{
    switch (container.life.state.known()) {
    case State::Stopping:
    case State::Stopped:
    case State::Starting:
    case State::Restarting:
    case State::Erroring:
    case State::Error:
    case State::Removing:
    case State::Removed:
    case State::Purging:
    case State::Purged:
        return true;
    default:
        return false;
    }
}

template <typename T>
void sortByName(QList<T> &rows)
{
    std::sort(rows.begin(), rows.end(), [](const T &a, const T &b) { return a.name < b.name; });
}

} // namespace

bool isAlive(const domain::Container &container)
{
    return container.life.state == State::Running;
}

LiveStack::LiveStack(stacks::StackBackend &backend, QString stackName)
    : m_backend(backend)
    , m_name(std::move(stackName))
    , m_silentSince(Clock::now())
{
    QMetaObject::invokeMethod(
        &m_backend,
        [this] {
            m_feed = m_backend.openFeed();
            QObject::connect(m_feed.get(), &stacks::StackFeed::changed, m_feed.get(),
                [this](const stacks::StackDelta &delta) { apply(delta); });
            QObject::connect(m_feed.get(), &stacks::StackFeed::healthChanged, m_feed.get(),
                [this](const domain::FeedHealth &health) { applyHealth(health); });
            m_feed->start();
        },
        Qt::BlockingQueuedConnection);
}

LiveStack::~LiveStack()
{
    QMetaObject::invokeMethod(
        &m_backend, [this] { m_feed.reset(); }, Qt::BlockingQueuedConnection);
}

void LiveStack::apply(const stacks::StackDelta &delta)
{
    const std::lock_guard lock(m_mutex);
    m_isKnown = true;
    ++m_version;
    applyBatch(m_stacks, delta.stacks);
    std::erase_if(m_stacks, [this](const auto &row) { return row.second.name != m_name; });
    applyBatch(m_services, delta.services);
    std::erase_if(
        m_services, [this](const auto &row) { return !m_stacks.contains(row.second.stackId); });
    applyBatch(m_hosts, delta.hosts);
    applyContainers(delta.containers);
    noteHosts();
}

void LiveStack::applyContainers(const stacks::ContainerBatch &batch)
{
    std::vector<domain::ContainerId> gone(batch.removed.begin(), batch.removed.end());
    if (batch.isSnapshot) {
        for (const auto &[id, container] : m_containers) {
            const bool isListed = std::any_of(batch.added.begin(), batch.added.end(),
                [&](const domain::Container &row) { return row.id == id; });
            if (!isListed)
                gone.push_back(id);
        }
    }
    for (const auto *list : { &batch.added, &batch.changed }) {
        for (const domain::Container &row : *list)
            put(row);
    }
    for (const domain::ContainerId &id : gone)
        drop(id);
}

void LiveStack::put(const domain::Container &container)
{
    if (!m_stacks.contains(container.stackId))
        return;
    const auto known = m_containers.find(container.id);
    if (known != m_containers.end() && isAlive(known->second)) {
        const bool startedAgain = container.startCount > known->second.startCount;
        if (isDown(container) || startedAgain)
            m_deaths.push_back({ container.id, container.serviceId, container.hostId,
                container.name,
                isDown(container) ? container.life.state.text() : QStringLiteral("started again"),
                Clock::now() });
    }
    m_containers.insert_or_assign(container.id, container);
}

void LiveStack::drop(const domain::ContainerId &id)
{
    const auto known = m_containers.find(id);
    if (known == m_containers.end())
        return;
    if (isAlive(known->second))
        m_deaths.push_back({ id, known->second.serviceId, known->second.hostId, known->second.name,
            QStringLiteral("removed"), Clock::now() });
    m_containers.erase(known);
}

void LiveStack::noteHosts()
{
    for (const auto &[id, host] : m_hosts) {
        const bool isLost = host.life.state == State::Disconnected
            || host.life.state == State::Reconnecting || host.life.state == State::Inactive;
        const auto known = m_losses.find(id);
        const bool wasLost = known != m_losses.end() && !known->second.end;
        if (isLost && !wasLost)
            m_losses[id] = { Clock::now(), std::nullopt };
        else if (!isLost && wasLost)
            known->second.end = Clock::now();
    }
}

const domain::Host *LiveStack::silentHost() const
{
    const domain::Host *out = nullptr;
    for (const auto &[id, loss] : m_losses) {
        const auto host = m_hosts.find(id);
        const bool carriesOurs = std::any_of(m_containers.begin(), m_containers.end(),
            [&](const auto &row) { return row.second.hostId == id; });
        // Before anything runs, one host that lives is enough to start on.
        const bool matters = carriesOurs || (m_containers.empty() && m_hosts.size() == 1);
        if (loss.end || host == m_hosts.end() || !matters)
            continue;
        if (out == nullptr || loss.begin < m_losses.at(out->id).begin)
            out = &host->second;
    }
    return out;
}

bool LiveStack::wasLost(
    const domain::HostId &host, Clock::time_point at, std::chrono::milliseconds around) const
{
    const std::lock_guard lock(m_mutex);
    const auto loss = m_losses.find(host);
    return loss != m_losses.end() && loss->second.begin <= at + around
        && loss->second.end.value_or(Clock::now()) >= at - around;
}

void LiveStack::applyHealth(const domain::FeedHealth &health)
{
    using Kind = domain::FeedHealth::Kind;
    const std::lock_guard lock(m_mutex);
    const bool isHeard = health.kind == Kind::Live || health.kind == Kind::Polling;
    m_isRefused = health.kind == Kind::Refused;
    if (isHeard) {
        m_silentSince.reset();
        m_silenceReason.clear();
        return;
    }
    if (!m_silentSince)
        m_silentSince = Clock::now();
    if (health.error)
        m_silenceReason = health.error->text();
}

std::optional<domain::Stack> LiveStack::stack() const
{
    const std::lock_guard lock(m_mutex);
    for (const auto &[id, stack] : m_stacks) {
        if (!domain::isGone(stack.life))
            return stack;
    }
    return std::nullopt;
}

QList<domain::Service> LiveStack::services() const
{
    const std::lock_guard lock(m_mutex);
    QList<domain::Service> out;
    for (const auto &[id, service] : m_services) {
        if (!domain::isGone(service.life))
            out += service;
    }
    sortByName(out);
    return out;
}

QList<domain::Container> LiveStack::containers() const
{
    const std::lock_guard lock(m_mutex);
    QList<domain::Container> out;
    for (const auto &[id, container] : m_containers) {
        if (!domain::isGone(container.life))
            out += container;
    }
    sortByName(out);
    return out;
}

QList<domain::Container> LiveStack::containersOf(const QString &serviceName) const
{
    const auto wanted = service(serviceName);
    QList<domain::Container> out;
    for (const domain::Container &container : containers()) {
        if (wanted && container.serviceId == wanted->id)
            out += container;
    }
    return out;
}

std::optional<domain::Service> LiveStack::service(const QString &name) const
{
    for (const domain::Service &service : services()) {
        if (service.name == name)
            return service;
    }
    return std::nullopt;
}

std::optional<domain::Container> LiveStack::container(const domain::ContainerId &id) const
{
    const std::lock_guard lock(m_mutex);
    const auto found = m_containers.find(id);
    if (found == m_containers.end() || domain::isGone(found->second.life))
        return std::nullopt;
    return found->second;
}

QMap<QString, QStringList> LiveStack::allEndpoints() const
{
    std::uint64_t version = 0;
    {
        const std::lock_guard lock(m_mutex);
        if (m_endpointsVersion == m_version)
            return m_endpoints;
        version = m_version;
    }
    QMap<QString, QStringList> out;
    for (const domain::Service &service : services()) {
        for (const domain::Container &container : containers()) {
            if (container.serviceId != service.id || !isAlive(container))
                continue;
            for (const domain::PortBinding &port : container.ports) {
                if (port.hostPort > 0)
                    out[service.name + u':' + QString::number(port.containerPort)]
                        += addressOf(port, container.hostId) + u':'
                        + QString::number(port.hostPort);
            }
        }
    }
    const std::lock_guard lock(m_mutex);
    m_endpoints = out;
    m_endpointsVersion = version; // what changed meanwhile has a later one
    return out;
}

QStringList LiveStack::endpoints(const QString &serviceName, int containerPort) const
{
    return allEndpoints().value(serviceName + u':' + QString::number(containerPort));
}

QString LiveStack::endpointOf(const domain::Container &container, int containerPort) const
{
    for (const domain::PortBinding &port : container.ports) {
        if (isAlive(container) && port.containerPort == containerPort && port.hostPort > 0)
            return addressOf(port, container.hostId) + u':' + QString::number(port.hostPort);
    }
    return {};
}

QString LiveStack::addressOf(const domain::PortBinding &port, const domain::HostId &host) const
{
    const bool isEverywhere = port.hostAddress.isEmpty()
        || port.hostAddress == QLatin1StringView("0.0.0.0")
        || port.hostAddress == QLatin1StringView("::");
    if (!isEverywhere)
        return port.hostAddress;
    const std::lock_guard lock(m_mutex);
    const auto found = m_hosts.find(host);
    return found == m_hosts.end() || found->second.address.isEmpty() ? QStringLiteral("127.0.0.1")
                                                                     : found->second.address;
}

QString LiveStack::hostName(const domain::HostId &id) const
{
    const std::lock_guard lock(m_mutex);
    const auto found = m_hosts.find(id);
    return found == m_hosts.end() ? id.value() : found->second.name;
}

std::vector<Death> LiveStack::takeDeaths()
{
    const std::lock_guard lock(m_mutex);
    return std::exchange(m_deaths, {});
}

std::chrono::milliseconds LiveStack::silence() const
{
    const std::lock_guard lock(m_mutex);
    if (m_isRefused)
        return std::chrono::hours(24 * 365);
    const domain::Host *host = silentHost();
    if (!m_silentSince && host == nullptr)
        return std::chrono::milliseconds(0);
    const auto since = m_silentSince ? *m_silentSince : m_losses.at(host->id).begin;
    return std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - since);
}

QString LiveStack::silenceReason() const
{
    const std::lock_guard lock(m_mutex);
    if (m_silentSince || m_isRefused)
        return Text::tr("The server was not heard of. %1").arg(m_silenceReason).trimmed();
    const domain::Host *host = silentHost();
    return host == nullptr
        ? QString()
        : Text::tr("The host %1 is %2 for its server.").arg(host->name, host->life.state.text());
}

bool LiveStack::isKnown() const
{
    const std::lock_guard lock(m_mutex);
    return m_isKnown;
}

} // namespace faultline::runs
