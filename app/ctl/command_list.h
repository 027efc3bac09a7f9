// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/ctl/command.h"

#include <memory>
#include <vector>

namespace faultline::ctl {

/// Every command, in the order of --help.
[[nodiscard]] std::vector<std::unique_ptr<Command>> allCommands();

} // namespace faultline::ctl
