// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/agent/kinds.h"

namespace faultline::agent {

/// container.pause {}: all processes of the target stand still.
[[nodiscard]] Outcome<std::unique_ptr<Fault>> makePause(const Spec &spec);
/// cpu.limit {cpus}: the target gets no more than so many processors' time.
[[nodiscard]] Outcome<std::unique_ptr<Fault>> makeProcessorLimit(const Spec &spec);
/// io.limit {readBytes, writeBytes, readOps, writeOps: per second, one of them at least; device:
/// major:minor, all disks when missing}.
[[nodiscard]] Outcome<std::unique_ptr<Fault>> makeTransferLimit(const Spec &spec);
/// cpu.stress {workers: one for each processor, load: 100 %}.
[[nodiscard]] Outcome<std::unique_ptr<Fault>> makeProcessorStress(const Spec &spec);
/// memory.stress {bytes}: so much is used on the target's account, and touched again and again.
[[nodiscard]] Outcome<std::unique_ptr<Fault>> makeMemoryStress(const Spec &spec);
/// io.stress {workers: 1}: writes and reads files without a name in the helper's /tmp on the
/// target's account.
[[nodiscard]] Outcome<std::unique_ptr<Fault>> makeTransferStress(const Spec &spec);

[[nodiscard]] Ability freezeAbility();
[[nodiscard]] Ability processorAbility();
[[nodiscard]] Ability transferAbility();
[[nodiscard]] Ability processorStressAbility();
[[nodiscard]] Ability memoryStressAbility();
[[nodiscard]] Ability transferStressAbility();

} // namespace faultline::agent
