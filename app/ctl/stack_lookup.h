// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/ctl/context.h"
#include "app/ctl/stack_book.h"

namespace faultline::ctl {

/// A stack by its name, or by its id, asked from the server. ErrorKind::NotFound when there is
/// none.
[[nodiscard]] domain::Result<domain::Stack> askStack(Context &context, const QString &nameOrId);

/// Everything of the project, as the server has it now.
[[nodiscard]] domain::Result<StackBook> askBook(Context &context);

} // namespace faultline::ctl
