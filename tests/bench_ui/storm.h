// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace faultline::views {
class Theme;
}

namespace faultline::bench {

class Goals;

/// Builds both pages with 200 x 3 x 3 stacks and 5,000 jobs: ms to the first painted live data.
/// Then 1,000 container events a second into the visible Stacks page: stall of the UI thread,
/// memory. Prints; false when rows are wrong.
[[nodiscard]] bool runStorms(const views::Theme &theme, int seconds, Goals &goals);

/// P9: 10,000 container rows sorted by a changing column, 1,000 events a second: ours against
/// QStandardItemModel under QSortFilterProxyModel with one change per event.
[[nodiscard]] bool raceChanges(const views::Theme &theme, int seconds, Goals &goals);

} // namespace faultline::bench
