// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/ctl/context.h"

namespace faultline::ctl {

/// Within a run (FAULTLINE_BUNDLE is set) writes down that this command is about to act on a
/// container, service or stack, so that the run does not take the end of a container for a crash.
/// A remark when that can't be written; the command goes on.
void noteAct(Context &context, const QString &verb, const QString &id);

} // namespace faultline::ctl
