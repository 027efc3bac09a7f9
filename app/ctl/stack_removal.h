// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/ctl/context.h"

namespace faultline::ctl {

/// Asks for the removal of a stack; with `waits` it returns when the stack is gone, else as soon as
/// the server took the request.
[[nodiscard]] domain::Result<void> removeStack(
    Context &context, const domain::Stack &stack, bool waits);

} // namespace faultline::ctl
