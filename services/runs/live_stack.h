// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/stacks/stack_backend.h"

#include <QMap>
#include <QStringList>

#include <chrono>
#include <map>
#include <mutex>
#include <optional>
#include <vector>

namespace faultline::runs {

/// A container that ran and then did not, or not any more without a break.
struct Death
{
    domain::ContainerId container;
    domain::ServiceId service;
    domain::HostId host;
    QString name;
    QString how; ///< the state it was seen in, or "started again"
    std::chrono::steady_clock::time_point at;
};

/// What the stack of a run looks like now, kept up to date by a backend's feed. Made and destroyed
/// on a flow thread while the backend's thread runs its event loop; thread-safe.
class LiveStack
{
public:
    LiveStack(stacks::StackBackend &backend, QString stackName);
    ~LiveStack();
    LiveStack(const LiveStack &) = delete;
    LiveStack &operator=(const LiveStack &) = delete;

    [[nodiscard]] std::optional<domain::Stack> stack() const;
    [[nodiscard]] QList<domain::Service> services() const; ///< sorted by name
    [[nodiscard]] QList<domain::Container> containers() const; ///< sorted by name
    [[nodiscard]] QList<domain::Container> containersOf(const QString &serviceName) const;
    [[nodiscard]] std::optional<domain::Service> service(const QString &name) const;
    [[nodiscard]] std::optional<domain::Container> container(const domain::ContainerId &id) const;

    /// Where a container's port can be reached from outside: "address:port" of each container of
    /// the service that runs and publishes it, sorted by the container's name.
    [[nodiscard]] QStringList endpoints(const QString &serviceName, int containerPort) const;
    /// The same of one container; empty while it does not run or does not publish it.
    [[nodiscard]] QString endpointOf(const domain::Container &container, int containerPort) const;
    /// Every port that the stack's running containers publish: "service:port" -> addresses.
    [[nodiscard]] QMap<QString, QStringList> allEndpoints() const;
    [[nodiscard]] QString hostName(const domain::HostId &id) const;

    /// Deaths since the last call, in order.
    [[nodiscard]] std::vector<Death> takeDeaths();

    /// True when the host was not heard of at some moment within `around` of `at`.
    [[nodiscard]] bool wasLost(const domain::HostId &host, std::chrono::steady_clock::time_point at,
        std::chrono::milliseconds around) const;

    /// How long the server, or a host with containers of the stack, has not been heard of; zero
    /// while the picture is live. An error that only a person can end counts as for ever.
    [[nodiscard]] std::chrono::milliseconds silence() const;
    /// Which of them, and why; empty text when both are heard of.
    [[nodiscard]] QString silenceReason() const;
    /// True once a first picture has arrived.
    [[nodiscard]] bool isKnown() const;

private:
    using Clock = std::chrono::steady_clock;

    void apply(const stacks::StackDelta &delta);
    void applyHealth(const domain::FeedHealth &health);
    void applyContainers(const stacks::ContainerBatch &batch);
    void put(const domain::Container &container);
    void noteHosts();
    [[nodiscard]] const domain::Host *silentHost() const;
    [[nodiscard]] QString addressOf(
        const domain::PortBinding &port, const domain::HostId &host) const;
    void drop(const domain::ContainerId &id);

    stacks::StackBackend &m_backend;
    const QString m_name;
    std::unique_ptr<stacks::StackFeed> m_feed; // touched on the backend's thread only
    mutable std::mutex m_mutex;
    std::map<domain::StackId, domain::Stack>
        m_stacks; // those of that name: one, or two for a moment
    std::map<domain::ServiceId, domain::Service> m_services;
    std::map<domain::ContainerId, domain::Container> m_containers;
    std::map<domain::HostId, domain::Host> m_hosts;
    std::uint64_t m_version = 1; // of the picture
    mutable QMap<QString, QStringList>
        m_endpoints; // of the version below; every probe asks for them
    mutable std::uint64_t m_endpointsVersion = 0;
    std::vector<Death> m_deaths;
    struct Loss
    {
        Clock::time_point begin;
        std::optional<Clock::time_point> end; // empty: it is lost now
    };
    std::map<domain::HostId, Loss> m_losses; // the last one of each host
    std::optional<Clock::time_point> m_silentSince;
    bool m_isRefused = false;
    bool m_isKnown = false;
    QString m_silenceReason;
};

/// True while a container's main process runs, as far as its state tells.
[[nodiscard]] bool isAlive(const domain::Container &container);

} // namespace faultline::runs
