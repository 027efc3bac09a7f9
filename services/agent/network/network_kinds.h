// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/agent/kinds.h"

namespace faultline::agent::network {

[[nodiscard]] Outcome<std::unique_ptr<Fault>> makePartition(const Spec &spec);
[[nodiscard]] Outcome<std::unique_ptr<Fault>> makeBlackhole(const Spec &spec);
[[nodiscard]] Outcome<std::unique_ptr<Fault>> makeLoss(const Spec &spec);
[[nodiscard]] Outcome<std::unique_ptr<Fault>> makeDelay(const Spec &spec);
[[nodiscard]] Outcome<std::unique_ptr<Fault>> makeBandwidth(const Spec &spec);
[[nodiscard]] Outcome<std::unique_ptr<Fault>> makeDuplicate(const Spec &spec);
[[nodiscard]] Outcome<std::unique_ptr<Fault>> makeCorrupt(const Spec &spec);
[[nodiscard]] Outcome<std::unique_ptr<Fault>> makeReorder(const Spec &spec);
[[nodiscard]] Outcome<std::unique_ptr<Fault>> makeDns(const Spec &spec);

/// Of the kinds that drop.
[[nodiscard]] Ability dropAbility();
/// Of the kinds that take packets to the agent.
[[nodiscard]] Ability queueAbility();

} // namespace faultline::agent::network
