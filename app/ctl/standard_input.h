// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/ctl/context.h"

#include <QByteArray>

namespace faultline::ctl {

/// Everything up to the end of standard input. Blocks until then, the deadline (ErrorKind::Timeout)
/// or a cancel. ErrorKind::Invalid from a terminal, and for more than `most` bytes.
[[nodiscard]] domain::Result<QByteArray> readStandardInput(const Context &context, qsizetype most);

} // namespace faultline::ctl
