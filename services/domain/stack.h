// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/domain/id.h"
#include "services/domain/open_enum.h"

#include <QDateTime>
#include <QList>
#include <QMap>
#include <QStringList>

#include <span>

namespace faultline::domain {

/// Life-cycle states of stacks, services, containers and hosts, as Rancher 1.6 names them
/// (facts: rancher.md §2 "State machines"). One list, because the words are shared between the kinds.
enum class State {
    Unknown,
    Requested,
    Registering,
    Creating,
    Activating,
    Active,
    Inactive,
    Deactivating,
    UpdatingActive,
    UpdatingInactive,
    Upgrading,
    Upgraded,
    FinishingUpgrade,
    CancelingUpgrade,
    CanceledUpgrade,
    RollingBack,
    Starting,
    Running,
    Stopping,
    Stopped,
    Restarting,
    Paused,
    Removing,
    Removed,
    Purging,
    Purged,
    Erroring,
    Error,
    Reconnecting,
    Disconnected,
};
[[nodiscard]] std::span<const std::pair<State, const char *>> namesOf(State);

enum class Health { Unknown, Healthy, Unhealthy, Initializing, Reinitializing, Degraded, StartedOnce };
[[nodiscard]] std::span<const std::pair<Health, const char *>> namesOf(Health);

/// Whether an object is on its way between states; `Error` means that its `transitioningMessage` is the reason of
/// a failure even though `state` may look normal (facts: rancher.md §2).
enum class Transitioning { Unknown, No, Yes, Error };
[[nodiscard]] std::span<const std::pair<Transitioning, const char *>> namesOf(Transitioning);

/// What every orchestrated object has.
struct Lifecycle
{
    OpenEnum<State> state;
    OpenEnum<Health> health; ///< `Unknown` with empty text: no health check
    OpenEnum<Transitioning> transitioning;
    QString transitioningMessage;
    QDateTime created; ///< UTC
    QStringList actions; ///< names that the server offers now ("activate", "remove", "logs", …)

    friend bool operator==(const Lifecycle &, const Lifecycle &) = default;
};

struct Project
{
    ProjectId id;
    QString name;
    QString orchestration; ///< "cattle", "kubernetes", …
    OpenEnum<State> state;

    friend bool operator==(const Project &, const Project &) = default;
};

struct Stack
{
    StackId id;
    QString name;
    QString description;
    bool system = false; ///< infrastructure of the orchestrator itself
    QList<ServiceId> serviceIds;
    Lifecycle life;

    friend bool operator==(const Stack &, const Stack &) = default;
};

struct Service
{
    ServiceId id;
    StackId stackId;
    QString name;
    QString kind; ///< "service", "loadBalancerService", …
    QString image; ///< without Rancher's "docker:" prefix
    int scale = 0; ///< wanted
    int currentScale = 0; ///< present
    QMap<QString, QString> labels;
    /// What was noted about it while it runs; labels can't change. Values that are no text are left empty.
    QMap<QString, QString> metadata;
    Lifecycle life;

    friend bool operator==(const Service &, const Service &) = default;
};

struct PortBinding
{
    QString hostAddress; ///< empty when all addresses
    int hostPort = 0; ///< 0 when only exposed
    int containerPort = 0;
    QString protocol; ///< "tcp", "udp"

    friend bool operator==(const PortBinding &, const PortBinding &) = default;
};

struct Container
{
    ContainerId id;
    StackId stackId; ///< empty for standalone containers
    ServiceId serviceId; ///< empty for standalone containers
    HostId hostId;
    QString name;
    QString image;
    QString externalId; ///< Docker's id; empty before the container exists on its host
    QString primaryAddress;
    QList<PortBinding> ports;
    QMap<QString, QString> labels;
    int startCount = 0;
    Lifecycle life;

    friend bool operator==(const Container &, const Container &) = default;
};

struct Host
{
    HostId id;
    QString name;
    QString address;
    QMap<QString, QString> labels;
    int cpuCount = 0;
    qint64 memoryTotalMiB = 0;
    qint64 memoryFreeMiB = 0;
    Lifecycle life;

    friend bool operator==(const Host &, const Host &) = default;
};

/// What people are shown for an object: its state, or its health while the state is a good one
/// (facts: rancher.md §2 "Combined state shown to users").
[[nodiscard]] QString shownState(const Lifecycle &life);

/// The colour and icon class of `shownState`: one of a closed list that views map to their palette.
enum class Tone { Ok, Busy, Warning, Failed, Idle, Unknown };
[[nodiscard]] Tone toneOf(const Lifecycle &life);

/// True for removed, purging and purged: such rows leave every list.
[[nodiscard]] bool isGone(const Lifecycle &life);

} // namespace faultline::domain
