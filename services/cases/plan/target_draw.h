// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/cases/plan/random_source.h"
#include "services/cases/schema/case_file.h"

#include <vector>

namespace faultline::cases {

/// How many of `scale` containers the pick means; 0 when that can't be told beforehand.
[[nodiscard]] int countOf(const Target &target, int scale);

/// The numbers (from 1, sorted) of the containers that the pick hits; empty when only the run can
/// know them.
[[nodiscard]] std::vector<int> drawMembers(const Target &target, int scale, RandomSource &random);

} // namespace faultline::cases
