// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace faultline::bench {

class Goals;

/// P8: the stack tree against QStandardItemModel with the same texts, at 100, 1,000 and 10,000
/// stacks of 20 services. Prints; answers false when an answer was wrong.
[[nodiscard]] bool raceTrees(Goals &goals);

} // namespace faultline::bench
