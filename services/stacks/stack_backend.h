// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/domain/feed.h"
#include "services/domain/stack.h"
#include "services/net/call.h"

#include <QObject>

#include <chrono>
#include <memory>

namespace faultline::stacks {

/// What only some orchestrators can do; the UI follows it.
enum class Capability : quint32 {
    CreateFromCompose = 1U << 0U,
    ExportCompose = 1U << 1U,
    UpgradeService = 1U << 2U,
    ActivateStack = 1U << 3U, ///< start and stop a whole stack
    ContainerLifecycle = 1U << 4U, ///< start, stop, restart one container
    Logs = 1U << 5U,
    Exec = 1U << 6U,
    Stats = 1U << 7U,
};
Q_DECLARE_FLAGS(Capabilities, Capability)
Q_DECLARE_OPERATORS_FOR_FLAGS(Capabilities)

/// A stack to create from compose files.
struct StackSpec
{
    QString name; ///< [a-z0-9-], at most 63 characters
    QString description;
    QString dockerCompose; ///< YAML text
    QString rancherCompose; ///< YAML text, may be empty
    QMap<QString, QString> environment; ///< values for ${NAME} in the compose files
    bool start = true;
};

enum class StackAction { Activate, Deactivate };
enum class ServiceAction { Activate, Deactivate, Restart };
enum class ContainerAction { Start, Stop, Restart };

/// Every stack of a project at one moment, as the CLI shows it.
struct StackSnapshot
{
    QList<domain::Stack> stacks;
    QList<domain::Service> services;
    QList<domain::Container> containers;
    QList<domain::Host> hosts;
};

using StackBatch = domain::Batch<domain::Stack, domain::StackId>;
using ServiceBatch = domain::Batch<domain::Service, domain::ServiceId>;
using ContainerBatch = domain::Batch<domain::Container, domain::ContainerId>;
using HostBatch = domain::Batch<domain::Host, domain::HostId>;

/// One moment's changes of everything, in an order that is safe to apply: stacks, services, containers, hosts.
/// All four are snapshots together or none is.
struct StackDelta
{
    StackBatch stacks;
    ServiceBatch services;
    ContainerBatch containers;
    HostBatch hosts;
};

/// The live collection of a project's stacks. Lives on the service thread; connect from other threads with queued
/// connections. Duties of an implementer: connect first, then list, then apply by id; at most one delta per 50 ms;
/// after a reconnect a full snapshot; rows that vanished meanwhile leave; `healthChanged` on every change of health.
class StackFeed : public QObject
{
    Q_OBJECT

public:
    using QObject::QObject;

    /// Starts listening; the first `changed` is a snapshot.
    virtual void start() = 0;
    /// Tries again at once, also after Refused ("retry now" of the health pill).
    virtual void retryNow() = 0;

Q_SIGNALS:
    void changed(const faultline::stacks::StackDelta &delta);
    void healthChanged(const faultline::domain::FeedHealth &health);
};

struct LogOptions
{
    int tailLines = 500;
    bool follow = true;
    bool timestamps = true;
};

enum class LogChannel { Combined, Stdout, Stderr };

/// A container's log as it comes. Destroying it closes the socket.
class ContainerLog : public QObject
{
    Q_OBJECT

public:
    using QObject::QObject;

Q_SIGNALS:
    /// Raw bytes, usually one line with its "\n"; may hold invalid UTF-8.
    void received(faultline::stacks::LogChannel channel, const QByteArray &bytes);
    /// The stream ended by itself (container stopped, or all was read without follow).
    void ended();
    void failed(const faultline::domain::Error &error);
};

/// Runs clusters: Rancher 1.6 today; Kubernetes and Swarm are designed as further implementers. All functions are
/// called on the service thread. Duties: every Call ends in exactly one answer or error; no function blocks;
/// an id of an object that is gone answers ErrorKind::NotFound; an action the state forbids, ErrorKind::Conflict.
class StackBackend : public QObject
{
    Q_OBJECT

public:
    using QObject::QObject;

    [[nodiscard]] virtual Capabilities capabilities() const = 0;

    [[nodiscard]] virtual net::Call projects(domain::Done<QList<domain::Project>> done) = 0;
    [[nodiscard]] virtual net::Call snapshot(domain::Done<StackSnapshot> done) = 0;

    /// Answers as soon as the server accepted the stack; watch the feed (or stack()) for "active".
    [[nodiscard]] virtual net::Call createStack(StackSpec spec, domain::Done<domain::Stack> done) = 0;
    [[nodiscard]] virtual net::Call stack(domain::StackId id, domain::Done<domain::Stack> done) = 0;
    /// By exact name; ErrorKind::NotFound when there is none.
    [[nodiscard]] virtual net::Call stackByName(QString name, domain::Done<domain::Stack> done) = 0;
    [[nodiscard]] virtual net::Call removeStack(domain::StackId id, domain::Done<domain::Stack> done) = 0;
    [[nodiscard]] virtual net::Call runOnStack(
        domain::StackId id, StackAction action, domain::Done<domain::Stack> done) = 0;

    [[nodiscard]] virtual net::Call scaleService(
        domain::ServiceId id, int scale, domain::Done<domain::Service> done) = 0;
    [[nodiscard]] virtual net::Call runOnService(
        domain::ServiceId id, ServiceAction action, domain::Done<domain::Service> done) = 0;

    [[nodiscard]] virtual net::Call container(
        domain::ContainerId id, domain::Done<domain::Container> done) = 0;
    [[nodiscard]] virtual net::Call runOnContainer(
        domain::ContainerId id, ContainerAction action, domain::Done<domain::Container> done) = 0;
    /// Stops a container that gets `grace` to end by itself before it is killed; 0 kills at once (facts: rancher.md
    /// §2 container, action `stop {timeout}`). ErrorKind::Invalid from a backend that can't say how long.
    [[nodiscard]] virtual net::Call stopContainer(
        domain::ContainerId id, std::chrono::seconds grace, domain::Done<domain::Container> done);
    [[nodiscard]] virtual net::Call removeContainer(
        domain::ContainerId id, domain::Done<domain::Container> done) = 0;

    /// The log starts to arrive after the caller returned to the event loop.
    [[nodiscard]] virtual std::unique_ptr<ContainerLog> openLog(domain::ContainerId id, LogOptions options) = 0;
    [[nodiscard]] virtual std::unique_ptr<StackFeed> openFeed() = 0;
};

} // namespace faultline::stacks
