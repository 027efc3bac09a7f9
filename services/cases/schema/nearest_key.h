// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace faultline::cases {

/// The known word with the smallest edit distance to `word`, if that is at most a third of its
/// length (and 3); empty when nothing is near.
[[nodiscard]] std::string nearestKey(
    std::string_view word, std::span<const std::string_view> known);

} // namespace faultline::cases
