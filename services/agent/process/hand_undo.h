// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/agent/frame/spec.h"

#include <string>

namespace faultline::agent {

/// The command that starts a fresh helper on the target's host which undoes a fault of a kind that
/// works on processes or cgroups. `capabilities`: separated by commas, without CAP_; empty for
/// none. `more`: further words for `docker run`.
[[nodiscard]] std::string handUndoCommand(
    const Spec &spec, const std::string &capabilities, const std::string &more = {});

/// The command that ends the helper of a fault whose effect the kernel ends with the agent.
[[nodiscard]] std::string endHelperCommand(const Spec &spec);

} // namespace faultline::agent
