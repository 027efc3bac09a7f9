// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/domain/error.h"

#include <QDateTime>
#include <QList>
#include <QString>

#include <optional>

namespace faultline::domain {

/// One step of a live collection. `changed` and `added` may be applied as one upsert by id; an id is in at most one
/// of the three lists. With `isSnapshot`, `added` is the whole collection and replaces what was there.
template <typename T, typename IdType>
struct Batch
{
    QList<T> added;
    QList<T> changed;
    QList<IdType> removed;
    bool isSnapshot = false;

    [[nodiscard]] bool isEmpty() const
    {
        return !isSnapshot && added.isEmpty() && changed.isEmpty() && removed.isEmpty();
    }
};

/// How fresh a live collection is. What is shown is right while `Live` or `Polling`; otherwise it is the last known
/// state, as old as `since`.
struct FeedHealth
{
    enum class Kind {
        Connecting, ///< nothing received yet
        Live, ///< pushed changes arrive
        Polling, ///< read every `pollInterval`
        Stale, ///< the connection is lost and being retried; `since` is when it was last right
        Refused, ///< the server refuses (token, TLS, permission): nothing is sent until a person acts
    };
    Kind kind = Kind::Connecting;
    QDateTime since; ///< UTC; since when this kind holds (for Stale: last time the data was right)
    int pollIntervalMs = 0; ///< only for Polling
    std::optional<Error> error; ///< why Stale or Refused
    QDateTime nextAttempt; ///< UTC; for Stale: when the next attempt starts; invalid when one is under way

    friend bool operator==(const FeedHealth &, const FeedHealth &) = default;
};

} // namespace faultline::domain
