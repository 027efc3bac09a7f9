// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/domain/feed.h"
#include "services/domain/stack.h"
#include "services/net/call.h"
#include "services/stacks/container_socket.h"

#include <QObject>

#include <chrono>
#include <memory>
#include <optional>

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
    UpgradeStack = 1U << 8U,
    HelperContainers = 1U << 9U, ///< containers outside of any stack
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

enum class StackAction {
    Activate,
    Deactivate,
    FinishUpgrade,
    Rollback,
    CancelUpgrade, ///< stops where it is: "canceled-upgrade", from which Rollback leads back
};
enum class ServiceAction {
    Activate,
    Deactivate,
    Restart,
    FinishUpgrade,
    Rollback,
    CancelUpgrade,
    ContinueUpgrade,
};

/// What an upgrade changes of a service; the rest of its settings stays. The old containers are
/// kept, stopped, until FinishUpgrade or Rollback.
struct ServiceUpgradeSpec
{
    QString image; ///< empty: as it is, which still makes new containers
    std::optional<QStringList> command;
    std::optional<QMap<QString, QString>> environment; ///< replaces all of it
    int batchSize = 1; ///< containers at once
    std::chrono::milliseconds interval{ 2000 }; ///< between batches, at least 100
    bool startFirst = false; ///< new ones run before old ones stop
};

/// What a stack is to become; scales stay as they are.
struct StackUpgradeSpec
{
    QString dockerCompose;
    QString rancherCompose;
    QMap<QString, QString> environment;
};

struct ComposeFiles
{
    QString dockerCompose; ///< with "\n" line ends
    QString rancherCompose;
};

/// A container outside of any service, e.g. to look at another one's network. Runs once.
struct HelperSpec
{
    QString name;
    QString image;
    QStringList command;
    QMap<QString, QString> labels;
    domain::HostId host; ///< empty: any
    domain::ContainerId networkOf; ///< shares this one's network; empty: one of its own
    bool hasNoNetwork = false; ///< one of its own that leads nowhere
    bool hostProcesses = false; ///< sees the host's processes
    bool privileged = false;
    QStringList capabilities; ///< "NET_ADMIN", …
    bool dropsOtherCapabilities = false; ///< has those named and no others
    QStringList volumes; ///< "/host:/inside:ro"
};
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

    /// Notes to keep beside a service: those named are set, or taken away by an empty value; others stay. A change of
    /// the same service at the same time may be lost. ErrorKind::Invalid from a backend that can't keep notes.
    [[nodiscard]] virtual net::Call noteOnService(
        domain::ServiceId id, QMap<QString, QString> notes, domain::Done<domain::Service> done);

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

    // What only some can do, by capability; the others answer ErrorKind::Invalid.

    [[nodiscard]] virtual net::Call upgradeService(
        domain::ServiceId id, ServiceUpgradeSpec spec, domain::Done<domain::Service> done);
    [[nodiscard]] virtual net::Call upgradeStack(
        domain::StackId id, StackUpgradeSpec spec, domain::Done<domain::Stack> done);
    /// Compose files of what the server runs, which may differ from what it was given.
    [[nodiscard]] virtual net::Call exportCompose(
        domain::StackId id, domain::Done<ComposeFiles> done);
    /// Watch it with container() until it has stopped, read its log, then remove it.
    [[nodiscard]] virtual net::Call createHelper(
        HelperSpec spec, domain::Done<domain::Container> done);
    /// Opens after the caller returned to the event loop, as all sockets here; null without
    /// Capability::Exec.
    [[nodiscard]] virtual std::unique_ptr<ContainerTerminal> openTerminal(
        domain::ContainerId id, TerminalOptions options);
    /// Null without Capability::Stats.
    [[nodiscard]] virtual std::unique_ptr<UsageFeed> openUsage(domain::ContainerId id);
    [[nodiscard]] virtual std::unique_ptr<UsageFeed> openUsage(domain::HostId id);
};

} // namespace faultline::stacks
