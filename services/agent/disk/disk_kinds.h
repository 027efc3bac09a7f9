// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/agent/kinds.h"

namespace faultline::agent {

/// disk.fill {path, bytes or percent, sharedDisk: false}: `percent` of the file system is in use
/// then.
[[nodiscard]] Outcome<std::unique_ptr<Fault>> makeFill(const Spec &spec);
/// disk.burn {path, workers: 1, bytes: size of each worker's file}: written, synchronised and read
/// again and again in the target's folder.
[[nodiscard]] Outcome<std::unique_ptr<Fault>> makeBurn(const Spec &spec);

[[nodiscard]] Ability fillAbility();
[[nodiscard]] Ability burnAbility();

} // namespace faultline::agent
