// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/logs/log_line.h"

#include <string_view>

namespace faultline::logs {

/// Applies the parameters of CSI … m ("1;38;5;208") to a style. Codes that GitLab does not show are
/// ignored, 24-bit colours with their components.
void applySgr(std::string_view parameters, TextStyle &style);

} // namespace faultline::logs
