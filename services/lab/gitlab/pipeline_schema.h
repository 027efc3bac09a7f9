// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

namespace faultline::lab {

/// The steps that lead from an empty gitlab.db to the present one.
[[nodiscard]] std::vector<std::string> pipelineMigrations();

} // namespace faultline::lab
