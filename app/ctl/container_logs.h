// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/ctl/context.h"
#include "app/ctl/log_text.h"

namespace faultline::ctl {

/// Writes the logs of containers as they come; with several, each line gets its container's name.
/// Ends when all ended (without following: when all was read), or when the reader of standard
/// output left.
[[nodiscard]] domain::Result<void> writeContainerLogs(Context &context,
    const QList<domain::Container> &containers, const stacks::LogOptions &options, bool isPlain);

} // namespace faultline::ctl
