// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <string>

namespace faultline::lab {

/// `bytes` bytes of the system's randomness as hexadecimal digits; fit for secrets.
[[nodiscard]] std::string randomHex(std::size_t bytes);
/// A random (version 4) UUID.
[[nodiscard]] std::string randomUuid();

} // namespace faultline::lab
