// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/domain/stack.h"

#include <array>

namespace faultline::domain {

std::span<const std::pair<State, const char *>> namesOf(State)
{
    static constexpr std::array<std::pair<State, const char *>, 29> names { {
        { State::Requested, "requested" },
        { State::Registering, "registering" },
        { State::Creating, "creating" },
        { State::Activating, "activating" },
        { State::Active, "active" },
        { State::Inactive, "inactive" },
        { State::Deactivating, "deactivating" },
        { State::UpdatingActive, "updating-active" },
        { State::UpdatingInactive, "updating-inactive" },
        { State::Upgrading, "upgrading" },
        { State::Upgraded, "upgraded" },
        { State::FinishingUpgrade, "finishing-upgrade" },
        { State::CancelingUpgrade, "canceling-upgrade" },
        { State::CanceledUpgrade, "canceled-upgrade" },
        { State::RollingBack, "rolling-back" },
        { State::Starting, "starting" },
        { State::Running, "running" },
        { State::Stopping, "stopping" },
        { State::Stopped, "stopped" },
        { State::Restarting, "restarting" },
        { State::Paused, "paused" },
        { State::Removing, "removing" },
        { State::Removed, "removed" },
        { State::Purging, "purging" },
        { State::Purged, "purged" },
        { State::Erroring, "erroring" },
        { State::Error, "error" },
        { State::Reconnecting, "reconnecting" },
        { State::Disconnected, "disconnected" },
    } };
    return names;
}

std::span<const std::pair<Health, const char *>> namesOf(Health)
{
    static constexpr std::array<std::pair<Health, const char *>, 6> names { {
        { Health::Healthy, "healthy" },
        { Health::Unhealthy, "unhealthy" },
        { Health::Initializing, "initializing" },
        { Health::Reinitializing, "reinitializing" },
        { Health::Degraded, "degraded" },
        { Health::StartedOnce, "started-once" },
    } };
    return names;
}

std::span<const std::pair<Transitioning, const char *>> namesOf(Transitioning)
{
    static constexpr std::array<std::pair<Transitioning, const char *>, 3> names { {
        { Transitioning::No, "no" },
        { Transitioning::Yes, "yes" },
        { Transitioning::Error, "error" },
    } };
    return names;
}

QString shownState(const Lifecycle &life)
{
    const State state = life.state.known();
    const bool good = state == State::Active || state == State::UpdatingActive || state == State::Running;
    const bool hasHealth = !life.health.text().isEmpty() && !(life.health == Health::Healthy);
    return good && hasHealth ? life.health.text() : life.state.text();
}

namespace {

Tone toneOfState(State state)
{
    switch (state) {
    case State::Active:
    case State::Running:
        return Tone::Ok;
    case State::Inactive:
    case State::Stopped:
    case State::Removed:
    case State::Purging:
    case State::Purged:
    case State::Paused:
        return Tone::Idle;
    case State::Erroring:
    case State::Error:
        return Tone::Failed;
    case State::Reconnecting:
    case State::Disconnected:
        return Tone::Warning;
    case State::Unknown:
        return Tone::Unknown;
    default:
        return Tone::Busy;
    }
}

} // namespace

Tone toneOf(const Lifecycle &life)
{
    if (life.transitioning == Transitioning::Error)
        return Tone::Failed;
    const Tone byState = toneOfState(life.state.known());
    if (byState != Tone::Ok)
        return byState;
    switch (life.health.known()) {
    case Health::Unhealthy: return Tone::Failed;
    case Health::Degraded: return Tone::Warning;
    case Health::Initializing:
    case Health::Reinitializing: return Tone::Busy;
    case Health::Healthy:
    case Health::StartedOnce: return Tone::Ok;
    case Health::Unknown: break;
    }
    return life.health.text().isEmpty() ? Tone::Ok : Tone::Unknown;
}

bool isGone(const Lifecycle &life)
{
    const State state = life.state.known();
    return state == State::Removed || state == State::Purging || state == State::Purged;
}

} // namespace faultline::domain
