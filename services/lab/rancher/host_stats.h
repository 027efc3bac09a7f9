// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/lab/rancher/json_access.h"

#include <string>

namespace faultline::lab {

/// One entry of a stats frame (facts: rancher.md §5.5) from a sample of Docker's.
[[nodiscard]] Json containerStats(const std::string &id, const Json &sample);
/// The same of this machine, from /proc.
[[nodiscard]] Json hostStats(const std::string &id);

} // namespace faultline::lab
