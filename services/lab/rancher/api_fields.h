// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/lab/rancher/api_types.h"

namespace faultline::lab {

inline constexpr std::int64_t largestScale = 1000;

/// The name that a body gives a stack or a service: 1 to 63 of a-z, A-Z, 0-9 and "-", not at an
/// end.
[[nodiscard]] tl::expected<void, ApiError> checkName(const Json &body);
[[nodiscard]] tl::expected<void, ApiError> checkScale(std::int64_t scale);

} // namespace faultline::lab
