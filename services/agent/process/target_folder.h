// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/agent/frame/outcome.h"
#include "services/agent/frame/spec.h"

#include <string>

namespace faultline::agent {

/// Opens a folder of the target by its path inside, with that root for all its links: nothing
/// outside of the target is reached. The descriptor is the caller's. `path` must begin with a
/// slash. CannotHere with the reason: no such folder, or not allowed (CAP_SYS_PTRACE).
[[nodiscard]] Outcome<int> openTargetFolder(const Target &target, const std::string &path);

} // namespace faultline::agent
