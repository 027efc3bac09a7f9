// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/domain/feed.h"
#include "views/theme/theme.h"
#include "views/widgets/fact_list.h"

namespace faultline::views {

/// The words of a health pill: "live", "polling 12 s", "stale since 14:02:11", "refused: reason",
/// "connecting". Times are local; a day other than `now`'s is named.
[[nodiscard]] QString healthWords(const domain::FeedHealth &health, const QDateTime &now);

/// The colour of the pill's dot, and of its words unless the feed is well.
[[nodiscard]] Token healthToken(const domain::FeedHealth &health);

/// True while what is shown is right.
[[nodiscard]] bool isWell(const domain::FeedHealth &health);

/// Everything the popup says: state, since when, the error with the server's own words, the next
/// attempt.
[[nodiscard]] QList<Fact> healthFacts(const domain::FeedHealth &health, const QDateTime &now);

} // namespace faultline::views
