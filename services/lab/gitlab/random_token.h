// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

namespace faultline::lab {

/// `prefix` and 20 random letters and digits from the kernel.
[[nodiscard]] std::string randomToken(std::string_view prefix);
/// Compares without telling by its time how much was right.
[[nodiscard]] bool sameSecret(std::string_view a, std::string_view b);

} // namespace faultline::lab
