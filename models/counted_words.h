// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

namespace faultline::models {

/// "1 stack", "1,200 stacks", in the user's language and number format.
[[nodiscard]] QString stackWords(int count);
[[nodiscard]] QString serviceWords(int count);
[[nodiscard]] QString containerWords(int count);

} // namespace faultline::models
