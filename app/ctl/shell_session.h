// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/ctl/context.h"

#include <functional>

namespace faultline::ctl {

/// Carries a terminal between this program's own and a command in a container until the command
/// ends, this program's reader leaves, or the command is cancelled. `shown` gets all output, too;
/// it may be empty. Without a command: bash if there is one, else sh.
[[nodiscard]] domain::Result<void> carryShell(Context &context,
    const domain::ContainerId &container, const QStringList &command,
    const std::function<void(const QByteArray &)> &shown = {});

} // namespace faultline::ctl
