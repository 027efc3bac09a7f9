// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/faults/fault_spec.h"
#include "services/stacks/stack_backend.h"

#include <cstdint>

namespace faultline::faults {

/// Which containers of a stack are meant; no member ever means "all of everything".
struct TargetWish
{
    QString stack; ///< its name
    QString role; ///< a service of the stack, or a container ("etcd-1") for pick names
    QString pick = QStringLiteral("one"); ///< as in a case: one, all, n, percent, minority, …
    int count = 0; ///< for n and percent
    QStringList names; ///< for pick names
    QString leader; ///< what the case's own command printed, for pick leader
    std::uint64_t seed = 0; ///< that the choice is drawn from
};

/// One container that is hit, and whom the fault is between.
struct PickedTarget
{
    FaultTarget target;
    QStringList peers; ///< addresses; empty = everybody else
};

/// Draws the targets of a fault. Containers with the label `faultline.protect` are left out unless
/// they are named. Errors: NotFound without such a stack, service or running container; Invalid for
/// a pick that can't be satisfied, or a target that is protected.
[[nodiscard]] domain::Result<QList<FaultTarget>> pickTargets(
    const stacks::StackSnapshot &world, const TargetWish &wish);

/// Whom each target is cut off from, or slowed to: `from` are services of the stack ("all" = every
/// peer there is, inside and outside), `shape` how a partition runs: one, halves, minority, bridge,
/// ring. For a shape other than one, everybody of the targets and of `from` is a target.
[[nodiscard]] domain::Result<QList<PickedTarget>> withPeers(const stacks::StackSnapshot &world,
    const TargetWish &wish, const QString &kind, const QList<FaultTarget> &targets,
    const std::map<std::string, std::string> &arguments);

} // namespace faultline::faults
