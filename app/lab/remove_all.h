// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace faultline::lab {

/// Removes every container, network and volume that the lab of this state directory made on these
/// engines, and says
/// how many. Gives the exit code. Refuses while that lab runs.
[[nodiscard]] int removeAll(
    const std::filesystem::path &stateDirectory, const std::vector<std::string> &dockerHosts);

} // namespace faultline::lab
