// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/ctl/context.h"
#include "app/ctl/stack_watch.h"

#include <optional>

namespace faultline::ctl {

/// A stack, or one service of it: what `upgrade` and `rollback` work on.
struct UpgradeTarget
{
    domain::Stack stack;
    std::optional<domain::Service> service;

    /// "STACK" or "STACK/SERVICE"; ErrorKind::Invalid for a container.
    [[nodiscard]] static domain::Result<UpgradeTarget> find(Context &context, const QString &path);

    [[nodiscard]] QString name() const;
    [[nodiscard]] QString id() const;
    [[nodiscard]] const domain::Lifecycle &life() const;
    /// The steps after the upgrade itself, by their names for a stack.
    [[nodiscard]] domain::Result<void> run(Context &context, stacks::StackAction action) const;
    /// The upgrade has run: the old containers are stopped.
    [[nodiscard]] StackWatch::Judge untilUpgraded() const;
    /// It runs, and no upgrade is open.
    [[nodiscard]] StackWatch::Judge untilRuns() const;
    /// Waits until `judge` is content; `what` names the awaited thing in an error.
    [[nodiscard]] domain::Result<void> wait(
        Context &context, const StackWatch::Judge &judge, const QString &what);
    void print(Context &context) const;
};

} // namespace faultline::ctl
