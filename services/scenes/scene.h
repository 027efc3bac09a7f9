// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/stacks/stack_backend.h"

#include <chrono>
#include <optional>

namespace faultline::scenes {

/// A run's stack that was kept so that someone can go in. It lives in the notes (metadata) of the
/// stack's services, so that any console finds it from the orchestrator alone.
struct Scene
{
    domain::StackId stackId;
    QString stack; ///< name
    QString run; ///< id
    QString caseName;
    QString team; ///< owns it
    QString person; ///< who is to look; may be empty
    QString verdict; ///< word: "fail", "unknown", …
    QString reason; ///< the first anomaly, or why the run ended
    QDateTime keptAt; ///< UTC
    QDateTime expires; ///< UTC; invalid = never by itself
    std::chrono::milliseconds extendMax{ 0 }; ///< since keptAt; 0 = no bound
    std::chrono::milliseconds warnBefore{ 0 }; ///< 0 = nobody is warned
    QStringList warnTo; ///< names of Slack webhooks that are told before it expires
    QStringList mentions; ///< who is mentioned there
    bool isWarned = false; ///< the owner was told that it expires
    QDateTime changedAt; ///< UTC; of several notes the newest counts

    [[nodiscard]] bool isExpired(const QDateTime &now) const
    {
        return expires.isValid() && expires <= now;
    }
    /// True when its owner is to be told now that it expires.
    [[nodiscard]] bool isWarningDue(const QDateTime &now) const
    {
        return expires.isValid() && !isExpired(now) && !isWarned && !warnTo.isEmpty()
            && warnBefore.count() > 0 && expires.addMSecs(-warnBefore.count()) <= now;
    }

    friend bool operator==(const Scene &, const Scene &) = default;
};

/// What is noted beside each service of the stack.
[[nodiscard]] QMap<QString, QString> notesOf(const Scene &scene);

/// The scene that a stack is, or nothing. The services may be of other stacks, too.
[[nodiscard]] std::optional<Scene> sceneOf(
    const domain::Stack &stack, const QList<domain::Service> &services);

/// All scenes, those that expire first at the front.
[[nodiscard]] QList<Scene> scenesOf(const stacks::StackSnapshot &snapshot);

/// Those of a team that have not expired, for its quota.
[[nodiscard]] int livingScenesOf(
    const QString &team, const QList<Scene> &scenes, const QDateTime &now);

/// The scene with another end; ErrorKind::Invalid when that is beyond extendMax or in the past.
[[nodiscard]] domain::Result<Scene> extended(
    const Scene &scene, std::chrono::milliseconds by, const QDateTime &now);

/// The scene of somebody else; an empty team or person keeps what is.
[[nodiscard]] Scene handedOver(
    const Scene &scene, const QString &team, const QString &person, const QDateTime &now);

/// How long a scene lives that was kept without a ttl of its own.
inline constexpr std::chrono::hours usualLife{ 24 };

} // namespace faultline::scenes
